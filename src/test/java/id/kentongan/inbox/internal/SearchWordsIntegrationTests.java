// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@WithDatabase
class SearchWordsIntegrationTests {
    private static final String SAID = "Lampu jalan mati, KTP saya 3302011203900001";

    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    ItemReceiver receiver;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    Conversations conversations;

    @Autowired
    SearchWords search;

    @Autowired
    KeyingSearchWords keying;

    @Autowired
    JdbcClient jdbc;

    private TestTenant tenant;
    private Actor rina;

    @BeforeEach
    void aRegency() {
        tenant = tenants.found();
        rina = tenants.officer(tenant, tenant.office(), false, Role.COMMUNICATION_OFFICER);
    }

    @Test
    void wordsStandAsHashesThatDifferBetweenGovernmentsAndAreFoundAllTheSame() {
        hear(SAID);
        assertThat(stored()).isNotEmpty().noneMatch(word -> word.matches("lampu|jalan|mati|\\d{16}"));
        assertThat(found("3302011203900001")).hasSize(1);
        assertThat(found("lampu mati")).hasSize(1);
        assertThat(found("lampu hidup")).isEmpty();
        var elsewhere = tenants.found();
        assertThat(search.lexemes(elsewhere.system(), SAID)).doesNotContainAnyElementsOf(stored());
    }

    @Test
    void rowsOfAnOlderInstallationAreHashedOnceAndFoundAfterwards() {
        hear(SAID);
        var hashed = stored();
        transactions.run(
                tenant.system(),
                () -> jdbc.sql("update inbox.message_search set keyed = false, words = array_to_tsvector(?)")
                        .param(Words.lexemes(SAID))
                        .update());
        assertThat(stored()).contains("3302011203900001");
        keying.run();
        assertThat(stored()).isEqualTo(hashed);
        keying.run();
        assertThat(stored()).isEqualTo(hashed);
        assertThat(found("lampu")).hasSize(1);
    }

    private List<String> stored() {
        return transactions.read(
                tenant.system(),
                () -> jdbc.sql("select unnest(tsvector_to_array(words)) from inbox.message_search order by 1")
                        .query(String.class)
                        .list());
    }

    private List<ConversationRow> found(String words) {
        return conversations.search(rina, words, null, 5).items();
    }

    private void hear(String text) {
        var account = accounts.add(tenant.system(), Network.ACTIVITYPUB, "kabar", "Kabar", "")
                .id();
        var author = new Item.Author("https://warga.example/users/budi", "@budi@warga.example", "budi", null, false);
        var said = new Item.Said(
                "https://warga.example/" + Ids.next(),
                Instant.parse("2026-11-23T01:00:00Z"),
                author,
                Audience.PUBLIC,
                null,
                text,
                null,
                "id",
                null,
                true,
                List.of(),
                Map.of());
        var channel = Actor.system(tenant.id(), "channel");
        transactions.run(
                channel,
                () -> receiver.receive(
                        channel,
                        List.of(new ReceivedItem(account, Network.ACTIVITYPUB, new DeliveryId(Ids.next()), said))));
    }
}
