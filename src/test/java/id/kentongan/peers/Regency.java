// SPDX-License-Identifier: Apache-2.0
package id.kentongan.peers;

import id.kentongan.archive.TrailVerifier;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.Cases;
import id.kentongan.casework.Regions;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.database.DataFolder;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Rules;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.context.ApplicationContext;

/** An imaginary regency that other servers on this machine can find, with an account, a rule and two officers. */
final class Regency {
    static final String DISTRICT = "99.01.02";
    static final String VILLAGE = "99.01.02.2002";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    final TestTenant tenant;
    final Account account;
    final String officerMail = mail();
    final String liaisonMail = mail();
    final Actor officer;
    final Actor liaison;
    final Conversations conversations;
    final Cases cases;
    private final Outbox outbox;
    private final DatabaseRoles roles;
    private final DataFolder folder;

    Regency(ApplicationContext context, int port) {
        conversations = context.getBean(Conversations.class);
        cases = context.getBean(Cases.class);
        outbox = context.getBean(Outbox.class);
        roles = context.getBean(DatabaseRoles.class);
        folder = context.getBean(DataFolder.class);
        var tenants = context.getBean(TestTenants.class);
        tenant = tenants.found("127.0.0.1:" + port);
        context.getBean(Rules.class).installDefaults(tenant.system());
        account = context.getBean(Accounts.class)
                .add(tenant.system(), Network.ACTIVITYPUB, "kabar", "Kabupaten Uji", "Akun resmi");
        context.getBean(RoutingRules.class)
                .save(
                        tenant.system(),
                        new RoutingRule(
                                Ids.next(),
                                1,
                                "Jalan",
                                List.of("jalan rusak", "lubang"),
                                null,
                                null,
                                CaseKind.COMPLAINT,
                                "Jalan",
                                tenant.registry(),
                                "Uji coba",
                                LocalDate.of(2020, 1, 1),
                                null));
        context.getBean(Regions.class)
                .save(
                        tenant.system(),
                        List.of(new Regions.District(
                                DISTRICT,
                                "Melati",
                                -7.36,
                                109.30,
                                List.of(new Regions.Village(VILLAGE, "Krajan", -7.38, 109.28)))));
        officer = tenants.officer(tenant, officerMail, tenant.office(), true, Role.COMMUNICATION_OFFICER);
        liaison = tenants.officer(tenant, liaisonMail, tenant.works(), false, Role.LIAISON_OFFICER);
    }

    String base() {
        return "http://" + tenant.tenant().host();
    }

    /** The account's address on the fediverse. */
    String actor() {
        return tenant.tenant().address() + "/ap/kabar";
    }

    /** Posts something to everyone; returns its address once it is said. */
    String post(String text) {
        var id = outbox.submit(
                tenant.system(),
                new Outgoing(
                        OutgoingId.next(),
                        account.id(),
                        UUID.randomUUID().toString(),
                        null,
                        null,
                        Audience.PUBLIC,
                        text,
                        null,
                        "id",
                        List.of(),
                        null));
        return await(
                "our post",
                () -> Optional.ofNullable(
                                outbox.statuses(tenant.system(), List.of(id)).get(id))
                        .map(OutgoingStatus::remoteKey));
    }

    List<ConversationRow> rows(String mark) {
        return conversations.list(officer, ConversationFilter.of(Box.ALL), null, 100).items().stream()
                .filter(row -> messages(row).stream()
                        .anyMatch(each -> String.valueOf(each.text()).contains(mark)))
                .toList();
    }

    ConversationRow conversation(String mark) {
        try {
            return await("a conversation", () -> rows(mark).stream().findFirst());
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; the newest deliveries: " + newestDeliveries(), e);
        }
    }

    /** What became of what came last, newest first. */
    private String newestDeliveries() {
        try (var owner = owner();
                var statement = owner.prepareStatement("""
                        select string_agg(concat_ws(' ', received_at, state, attempts, code, next_attempt_at), '; ')
                        from (select * from channel.delivery where tenant_id = ? order by id desc limit 8) d
                        """)) {
            statement.setObject(1, tenant.id().value());
            try (var row = statement.executeQuery()) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    List<MessageView> messages(ConversationRow row) {
        return conversations.messages(officer, row.id(), null, 50).items();
    }

    /** When the newest delivery of that network reached us, before anything was made of it. */
    Instant lastArrival(Network network) {
        try (var owner = owner();
                var statement = owner.prepareStatement(
                        "select max(received_at) from channel.delivery where tenant_id = ? and network = ?")) {
            statement.setObject(1, tenant.id().value());
            statement.setString(2, network.code());
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getTimestamp(1).toInstant();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What {@code ./kentongan trail verify} finds for this regency. */
    TrailVerifier.Finding verifiedTrail() {
        try (var owner = owner()) {
            return new TrailVerifier(owner, folder.checkpoints(), folder.keys().resolve("checkpoint.pub"))
                    .verify().stream()
                            .filter(each -> each.tenant().equals(tenant.id().value()))
                            .findFirst()
                            .orElseThrow();
        } catch (SQLException | java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection owner() throws SQLException {
        return DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
    }

    static String unique() {
        return "u" + UUID.randomUUID().toString().substring(0, 8);
    }

    static <T> T await(String what, Supplier<Optional<T>> attempt) {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            var found = attempt.get();
            if (found.isPresent()) {
                return found.get();
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        throw new AssertionError("Waited in vain for " + what);
    }

    private static String mail() {
        return "petugas-" + unique() + "@uji.example";
    }
}
