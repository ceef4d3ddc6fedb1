// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.casework.CaseFilter;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.Cases;
import id.kentongan.casework.Clock;
import id.kentongan.casework.ClockKind;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Intake;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.WebForm;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageView;
import id.kentongan.inbox.MessageView.Direction;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Rules;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A regency on the fediverse whose citizens write of broken roads. Every test has its own. Their servers stand at a
 * closed loopback port: nothing leaves.
 */
final class CaseworkHouse {
    final ApplicationContext context;
    final TestTenants tenants;
    final Cases cases;
    final Conversations conversations;
    final Rules rules;
    final Trail trail;
    final ActorTransactions transactions;
    final JdbcClient jdbc;
    final TestTenant tenant;
    final AccountId account;
    /** Coordinates, and belongs to the circle. */
    final Actor officer;
    /** Answers for the works agency. */
    final Actor liaison;

    private final ItemReceiver receiver;

    CaseworkHouse(ApplicationContext context) {
        this.context = context;
        this.tenants = context.getBean(TestTenants.class);
        this.cases = context.getBean(Cases.class);
        this.conversations = context.getBean(Conversations.class);
        this.rules = context.getBean(Rules.class);
        this.trail = context.getBean(Trail.class);
        this.transactions = context.getBean(ActorTransactions.class);
        this.jdbc = context.getBean(JdbcClient.class);
        this.receiver = context.getBean(ItemReceiver.class);
        this.tenant = tenants.found();
        rules.installDefaults(tenant.system());
        this.account = context.getBean(Accounts.class)
                .add(tenant.system(), Network.ACTIVITYPUB, "kabar", "Kabar Uji", "Uji coba")
                .id();
        this.officer = tenants.officer(tenant, tenant.office(), true, Role.SUPERVISOR);
        this.liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        routes("jalan rusak", CaseKind.COMPLAINT, tenant.works());
        routes("ktp", CaseKind.COMPLAINT, tenant.registry());
    }

    void routes(String words, CaseKind kind, AgencyId agency) {
        context.getBean(RoutingRules.class)
                .save(
                        tenant.system(),
                        new RoutingRule(
                                Ids.next(),
                                1,
                                words,
                                List.of(words),
                                null,
                                null,
                                kind,
                                "Jalan",
                                agency,
                                "Uji coba",
                                LocalDate.of(2020, 1, 1),
                                null));
    }

    // ---- citizens

    String says(String who, Audience audience, @Nullable String parent, String text) {
        var said = said(who, audience, parent, text);
        say(said);
        return said.remoteKey();
    }

    void say(Item... items) {
        transactions.run(
                tenant.system(),
                () -> receiver.receive(
                        tenant.system(),
                        Arrays.stream(items)
                                .map(item -> new ReceivedItem(account, Network.ACTIVITYPUB, DeliveryId.next(), item))
                                .toList()));
    }

    static Item.Said said(String who, Audience audience, @Nullable String parent, String text) {
        return new Item.Said(
                "http://127.0.0.1:9/n/" + UUID.randomUUID(),
                Instant.now(),
                author(who),
                audience,
                parent,
                text,
                null,
                "id",
                null,
                true,
                List.of(),
                Map.of());
    }

    static Item.Author author(String who) {
        return new Item.Author(
                "http://127.0.0.1:9/u/" + who, "@" + who + "@127.0.0.1:9", who + " (rekaan)", null, false);
    }

    void form(String text, Map<String, String> hints) {
        context.getBean(Intake.class)
                .acceptForm(
                        tenant.system(), new WebForm(Ids.next().toString(), "", text, hints, List.<Attachment>of()));
    }

    /** The case of somebody who writes that. */
    CaseView reported(String who, Audience audience, String text) {
        var before = ids();
        says(who, audience, null, text);
        return newOne(before);
    }

    CaseView reportedByForm(String text, Map<String, String> hints) {
        var before = ids();
        form(text, hints);
        return newOne(before);
    }

    /** The one that was opened last. */
    CaseView newest() {
        return newOne(List.of());
    }

    private List<CaseId> ids() {
        return cases.list(officer, new CaseFilter(null, null, null, false, false), null, 200).items().stream()
                .map(row -> row.id())
                .toList();
    }

    private CaseView newOne(List<CaseId> before) {
        return await(() -> ids().stream()
                .filter(id -> !before.contains(id))
                .findFirst()
                .flatMap(id -> cases.accessible(officer, id)));
    }

    // ---- what there is now

    CaseView now(CaseView view) {
        return cases.accessible(officer, view.id()).orElseThrow();
    }

    Clock clock(CaseView view, ClockKind kind) {
        return now(view).clocks().stream()
                .filter(each -> each.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    List<String> events(CaseView view) {
        return now(view).timeline().stream().map(line -> line.what()).toList();
    }

    List<String> trail(CaseView view) {
        return trail.about(tenant.system(), new Subject("case", view.id().value())).stream()
                .map(line -> line.entry().verb())
                .toList();
    }

    /** What was said to the citizen in the conversations of the case, oldest first. */
    List<MessageView> told(CaseView view) {
        return view.conversations().stream()
                .flatMap(each -> conversations.messages(tenant.system(), each, null, 100).items().stream())
                .filter(message -> message.direction() == Direction.OUT)
                .toList();
    }

    List<String> answers(CaseView view) {
        return told(view).stream()
                .filter(message -> !message.automatic())
                .map(message -> String.valueOf(message.text()))
                .toList();
    }

    /** The secret in the newest link of that sort that the citizen was sent. */
    String secret(CaseView view, String path) {
        var pattern = java.util.regex.Pattern.compile(path + "([A-Za-z0-9_-]{16,64})");
        return told(view).stream()
                .map(message -> pattern.matcher(String.valueOf(message.text())))
                .filter(java.util.regex.Matcher::find)
                .map(found -> found.group(1))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    int asSystem(String sql, Object... parameters) {
        return transactions.write(
                tenant.system(), () -> jdbc.sql(sql).params(parameters).update());
    }

    static String refusal(Runnable verb) {
        try {
            verb.run();
            return "done";
        } catch (RefusalException refused) {
            return refused.refusal().code();
        }
    }

    static <T> T await(Supplier<Optional<T>> wanted) {
        var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < deadline) {
            var found = wanted.get();
            if (found.isPresent()) {
                return found.get();
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("Waited a minute in vain");
    }
}
