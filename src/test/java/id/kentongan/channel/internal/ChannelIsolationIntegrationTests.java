// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Intake;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is on its way holds words of every agency and of the confidential circle: the database shows it to nobody who may not read them all. */
@WithDatabase
class ChannelIsolationIntegrationTests {
    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    Intake intake;

    @Autowired
    Outbox outbox;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    private TestTenant tenant;
    private Actor system;
    private Account account;

    @BeforeEach
    void aTenantWithSomethingInEveryTable() {
        tenant = tenants.found();
        system = tenant.system();
        account = accounts.add(system, Network.ACTIVITYPUB, "kabar", "Kabar", "");
        intake.accept(system, account.id(), Map.of(), "bukan JSON".getBytes(StandardCharsets.UTF_8));
        outbox.submit(system, message("satu"));
        transactions.run(system, () -> {
            insert("channel.delivery_words (tenant_id, delivery_id, key_hash) values (:t, :id, '\\x01')");
            insert("channel.ap_object (tenant_id, id, account_id, sealed, open, published_at) "
                    + "values (:t, :id, :id, '\\x01', true, now())");
            insert("channel.ap_media (tenant_id, note_id, place, address_hash, media_type, sealed) "
                    + "values (:t, :id, 0, '\\x01', 'image/jpeg', '\\x01')");
            insert("channel.ap_delivery (tenant_id, note_id, inbox_hash, state, changed_at) "
                    + "values (:t, :id, '\\x01', 'done', now())");
            insert("channel.ap_follower (tenant_id, account_id, actor_hash, sealed, followed_at) "
                    + "values (:t, :id, '\\x01', '\\x01', now())");
            insert("channel.ap_actor (tenant_id, uri_hash, sealed, fetched_at) values (:t, '\\x01', '\\x01', now())");
        });
    }

    private void insert(String what) {
        jdbc.sql("insert into " + what)
                .param("t", tenant.id().value())
                .param("id", UUID.randomUUID())
                .update();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "channel.delivery",
                "channel.delivery_words",
                "channel.outgoing",
                "channel.ap_object",
                "channel.ap_media",
                "channel.ap_delivery",
                "channel.ap_follower",
                "channel.ap_actor"
            })
    void whoDoesNotSeeEverythingSeesNoRowOfIt(String table) {
        assertThat(rows(system, table)).as("the machine").isPositive();
        var liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        var supervisor = tenants.officer(tenant, tenant.office(), false, Role.SUPERVISOR);
        var administrator = tenants.officer(tenant, tenant.office(), false, Role.ADMINISTRATOR);
        var circle = tenants.officer(tenant, tenant.works(), true, Role.LIAISON_OFFICER);
        var stranger = tenants.found().system();
        for (var each : List.of(liaison, supervisor, administrator, circle, stranger)) {
            assertThat(rows(each, table)).as("%s", each.roles()).isZero();
        }
        assertThat(rows(system, table)).isPositive();
    }

    @Test
    void norDoTheyPutARowThere() {
        var liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        assertThatThrownBy(() -> transactions.run(
                        liaison,
                        () -> insert("channel.ap_object (tenant_id, id, account_id, sealed, open, published_at) "
                                + "values (:t, :id, :id, '\\x01', true, now())")))
                .isInstanceOf(DataAccessException.class);
    }

    @Test
    void whatOfficersMayKnowOfItTheyAreToldByTheModule() {
        var liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        var id = transactions.write(liaison, () -> {
            var written = outbox.submit(liaison, message("jawaban"));
            // And not more than that, in the very transaction in which it was written.
            assertThat(rows(liaison, "channel.outgoing")).isZero();
            return written;
        });
        assertThat(outbox.statuses(liaison, List.of(id))).containsKey(id);
        assertThat(outbox.submit(liaison, message("jawaban"))).isEqualTo(id);
        assertThatThrownBy(() -> outbox.held(liaison)).isInstanceOf(RefusalException.class);
        var supervisor = tenants.officer(tenant, tenant.office(), false, Role.SUPERVISOR);
        IntakeIntegrationTests.await(
                () -> outbox.statuses(liaison, List.of(id)).get(id).state() == OutgoingStatus.State.REFUSED);
        assertThat(outbox.held(supervisor))
                .extracting(each -> each.status().id())
                .contains(id);
        outbox.giveUp(supervisor, id);
        assertThat(outbox.troubled(supervisor)).extracting(OutgoingStatus::id).doesNotContain(id);
        assertThat(accounts.health(supervisor).get(account.id()).lastReceivedAt())
                .isNotNull();
        var administrator = tenants.officer(tenant, tenant.office(), false, Role.ADMINISTRATOR);
        IntakeIntegrationTests.await(
                () -> intake.failed(administrator, null, 10).items().size() == 1);
        assertThat(intake.replayFailed(administrator, null)).isEqualTo(1);
    }

    /** To somebody on a host that is never spoken with, so that it is refused. */
    private Outgoing message(String key) {
        return new Outgoing(
                OutgoingId.next(),
                account.id(),
                key,
                null,
                new Outgoing.Recipient("http://10.0.0.1/users/wati", "@wati@warga.example"),
                Audience.DIRECT,
                "Terima kasih.",
                null,
                "id",
                List.of(),
                null);
    }

    private int rows(Actor actor, String table) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select count(*) from " + table)
                        .query(Integer.class)
                        .single());
    }
}
