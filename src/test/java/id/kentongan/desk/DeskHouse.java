// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.Cases;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Account;
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
import id.kentongan.identity.Officers;
import id.kentongan.identity.Officers.NewOfficer;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Conversations.CannedAnswer;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Rules;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.Visitor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;

/** A regency with officers in every role, and citizens who write. Every test has its own. */
class DeskHouse {
    private final TestTenants tenants;
    private final Officers officers;
    private final Accounts accounts;
    private final Intake intake;
    private final ItemReceiver receiver;
    private final ActorTransactions transactions;
    private final RoutingRules routing;
    private final Rules rules;
    private final Clock clock;
    final Conversations conversations;
    final Cases cases;

    DeskHouse(ApplicationContext context) {
        this.tenants = context.getBean(TestTenants.class);
        this.officers = context.getBean(Officers.class);
        this.accounts = context.getBean(Accounts.class);
        this.intake = context.getBean(Intake.class);
        this.receiver = context.getBean(ItemReceiver.class);
        this.transactions = context.getBean(ActorTransactions.class);
        this.routing = context.getBean(RoutingRules.class);
        this.rules = context.getBean(Rules.class);
        this.clock = context.getBean(Clock.class);
        this.conversations = context.getBean(Conversations.class);
        this.cases = context.getBean(Cases.class);
    }

    final class Regency {
        final TestTenant tenant = tenants.found();
        final Account account;
        final Actor rina;
        final Actor budi;
        final Actor hendra;

        Regency() {
            rules.installDefaults(tenant.system());
            account = accounts.add(tenant.system(), Network.ACTIVITYPUB, "kabar", "Kabar Uji", "Akun rekaan");
            rina = officer("Rina Setya", tenant.office(), false, Role.COMMUNICATION_OFFICER);
            budi = officer("Budi Wardana", tenant.office(), true, Role.SUPERVISOR);
            hendra = officer("Hendra Lesmana", tenant.works(), false, Role.LIAISON_OFFICER);
            routing.save(
                    tenant.system(),
                    new RoutingRule(
                            Ids.next(),
                            1,
                            "Jalan rusak",
                            List.of("amblas", "lubang"),
                            null,
                            null,
                            CaseKind.COMPLAINT,
                            "Jalan rusak",
                            tenant.works(),
                            "Uji coba",
                            LocalDate.of(2020, 1, 1),
                            null));
            for (var each : List.of("Sudah diteruskan", "Minta lokasi", "Terima kasih", "Jam layanan")) {
                conversations.saveCannedAnswer(
                        tenant.system(),
                        new CannedAnswer(
                                Ids.next(),
                                each,
                                "Terima kasih, {nama}. Laporan {nomor} sudah kami teruskan ke {dinas}, yang menjawab paling lambat {batas}."));
            }
        }

        Actor officer(String name, AgencyId agency, boolean circle, Role... roles) {
            var mail = name.toLowerCase(java.util.Locale.ROOT).replace(' ', '.') + "@uji.example";
            var added = officers.add(
                    tenant.system(), new NewOfficer(name, mail, agency, Set.of(roles), circle), TestTenants.PASSWORD);
            return officers.actorOf(tenant.id(), added.id());
        }

        Instant ago(Duration passed) {
            return clock.instant().minus(passed);
        }

        Item.Author author(String handle) {
            return new Item.Author(
                    "https://warga.example/users/" + handle, "@" + handle + "@warga.example", handle, null, false);
        }

        Item.Said said(String key, String handle, @Nullable String parent, Duration passed, String text) {
            return new Item.Said(
                    key,
                    ago(passed),
                    author(handle),
                    Audience.PUBLIC,
                    parent,
                    text,
                    null,
                    "id",
                    "https://warga.example/@" + handle + "/1",
                    true,
                    List.of(),
                    Map.of());
        }

        void receives(Item... items) {
            var system = tenant.system();
            transactions.run(
                    Actor.system(system.tenant(), "channel"),
                    () -> receiver.receive(
                            Actor.system(system.tenant(), "channel"),
                            java.util.Arrays.stream(items)
                                    .map(each -> new ReceivedItem(
                                            account.id(), Network.ACTIVITYPUB, new DeliveryId(Ids.next()), each))
                                    .toList()));
        }

        void form(String name, String text, Map<String, String> hints) {
            intake.acceptForm(
                    tenant.system(), new WebForm(Ids.next().toString(), name, text, hints, List.<Attachment>of()));
        }

        ConversationRow row(Actor actor, String preview) {
            return await(() -> conversations.list(actor, ConversationFilter.of(Box.ALL), null, 100).items().stream()
                    .filter(each -> each.preview().contains(preview))
                    .findFirst());
        }

        /** The conversation once its case stands beside it. */
        ConversationRow withCase(Actor actor, String preview) {
            return await(() -> Optional.of(row(actor, preview)).filter(each -> each.mark() != null));
        }

        CaseView caseOf(Actor actor, ConversationRow row) {
            return cases.ofConversation(actor, row.id()).orElseThrow();
        }

        BrowserContext signedIn(View view, Actor officer, int port) {
            var context = Browser.open(view, "http://" + tenant.tenant().host() + ":" + port);
            var page = context.newPage();
            page.navigate("/sign-in?to=/desk/bantuan");
            page.locator("#mail")
                    .fill(officer.name().toLowerCase(java.util.Locale.ROOT).replace(' ', '.') + "@uji.example");
            page.locator("#password").fill(TestTenants.PASSWORD);
            page.locator("form button[type=submit]").last().click();
            page.waitForURL("**/desk/**");
            page.close();
            return context;
        }

        /** Signed in without a browser: for what a page says, not how it looks. */
        Visitor visitor(Actor officer, int port) {
            var visitor = new Visitor(port, tenant.tenant().host());
            visitor.get("/sign-in");
            var mail = officer.name().toLowerCase(java.util.Locale.ROOT).replace(' ', '.') + "@uji.example";
            var to = visitor.post("/sign-in", Map.of("mail", mail, "password", TestTenants.PASSWORD))
                    .location();
            if (!to.startsWith("/desk")) {
                throw new AssertionError("Not signed in: " + to);
            }
            visitor.get("/desk/bantuan");
            return visitor;
        }

        Page open(BrowserContext context, String path) {
            var page = context.newPage();
            page.navigate(path);
            return page;
        }
    }

    /** The status of a request made by the page itself, with its session; 0 for a redirection. */
    static int get(Page page, String path) {
        return ((Number) page.evaluate("url => fetch(url, {redirect: 'manual'}).then(r => r.status)", path)).intValue();
    }

    static int post(Page page, String path, Map<String, String> form) {
        return ((Number) page.evaluate(
                        "([url, form]) => fetch(url, {method: 'POST', redirect: 'manual', body: new URLSearchParams(form)}).then(r => r.status)",
                        List.of(path, form)))
                .intValue();
    }

    static <T> T await(Supplier<Optional<T>> wanted) {
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
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
        throw new AssertionError("Waited twenty seconds in vain");
    }
}
