// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.database.ActorTransactions;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.inbox.ConversationChanged;
import id.kentongan.inbox.ConversationChanged.Before;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.AgencyId;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.WithDatabase;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;

/** What one node tells, as another one hears it. */
@WithDatabase
class AnnouncementsIntegrationTests {
    @Autowired
    Announcements announcements;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    DatabaseRoles roles;

    @Autowired
    TestTenants tenants;

    @Autowired
    ConfigurableApplicationContext context;

    @Test
    void anotherNodeHearsTheSameIdsAndWhoCouldReadThemBefore() throws Exception {
        var system = tenants.found().system();
        var ids = Stream.generate(ConversationId::next).limit(230).toList();
        var before = Map.of(
                ids.get(0), new Before(AgencyId.next(), true),
                ids.get(1), new Before(AgencyId.next(), false),
                ids.get(2), new Before(null, true),
                ids.get(3), new Before(null, false));
        var heard = new CopyOnWriteArrayList<ConversationChanged>();
        ApplicationListener<PayloadApplicationEvent<?>> desk = event -> {
            if (event.getPayload() instanceof ConversationChanged changed
                    && changed.tenant().equals(system.tenant())) {
                heard.add(changed);
            }
        };
        context.addApplicationListener(desk);
        try (var other = DriverManager.getConnection(
                roles.applicationUrl(), roles.applicationName(), roles.applicationPassword())) {
            other.createStatement().execute("listen kentongan_inbox");
            transactions.run(system, () -> announcements.changed(system, ids, "case", before));
            var own = List.copyOf(heard);
            assertThat(own).hasSize(ids.size());
            heard.clear();
            for (var each : other.unwrap(PGConnection.class).getNotifications(5000)) {
                if (each.getParameter().contains(system.tenant().toString())) {
                    // As a node with another name hears it.
                    announcements.heard(UUID.randomUUID()
                            + each.getParameter().substring(each.getParameter().indexOf(' ')));
                }
            }
            assertThat(heard).containsExactlyElementsOf(own);
            assertThat(heard.get(0).before()).isEqualTo(before.get(ids.get(0)));
        } finally {
            context.removeApplicationListener(desk);
        }
    }
}
