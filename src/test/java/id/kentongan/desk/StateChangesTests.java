// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samstevens.totp.code.DefaultCodeGenerator;
import dev.samstevens.totp.code.HashingAlgorithm;
import dev.samstevens.totp.exceptions.CodeGenerationException;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailLine;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseTeams;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.Categories;
import id.kentongan.casework.Ratings;
import id.kentongan.casework.Regions;
import id.kentongan.casework.Regions.District;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Intake;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.database.ActorTransactions;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Officers;
import id.kentongan.identity.Officers.NewOfficer;
import id.kentongan.inbox.Contacts;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations.CannedAnswer;
import id.kentongan.inbox.JoiningId;
import id.kentongan.inbox.MessageId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.Holiday;
import id.kentongan.policy.ListEntry;
import id.kentongan.policy.Rules;
import id.kentongan.policy.SourcedLists;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.WithDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Every change of state of identity, inbox, casework, channel and policy leaves the verb it should in the trail. The
 * methods of these modules' interfaces are listed here: a new one is either named as reading or stands in the table with
 * its verb. The table of all verbs is {@code docs/trail.md}.
 */
@WithDatabase
class StateChangesTests {
    private static final List<Class<?>> INTERFACES = Stream.of("identity", "inbox", "casework", "channel", "policy")
            .flatMap(StateChangesTests::interfacesOf)
            .toList();

    /** What changes nothing that anybody else would look for. */
    private static final Set<String> READING = Set.of(
            "Tenants.all",
            "Tenants.byHost",
            "Tenants.get",
            "Agencies.all",
            "Agencies.find",
            "Agencies.subtree",
            "Officers.all",
            "Officers.find",
            "Officers.names",
            "Officers.actorOf",
            "Officers.withMail",
            "Conversations.list",
            "Conversations.counts",
            "Conversations.search",
            "Conversations.accessible",
            "Conversations.messages",
            "Conversations.message",
            "Conversations.file",
            "Conversations.ofOutgoing",
            "Conversations.lastRead",
            "Conversations.owner",
            "Conversations.answerable",
            "Conversations.name",
            "Conversations.spoken",
            "Conversations.readsAny",
            "Conversations.contents",
            "Conversations.published",
            "Conversations.cannedAnswers",
            "Cases.list",
            "Cases.accessible",
            "Cases.ofConversation",
            "Cases.byPublicNumber",
            "Cases.bySecret",
            "Cases.file",
            "Cases.ofReporters",
            "Cases.places",
            "Contacts.of",
            "Contacts.conversations",
            "Contacts.reach",
            "Contacts.person",
            "Cases.pressing",
            "Cases.performance",
            "CaseNotices.of",
            "CaseNotices.unseen",
            "CaseTeams.tasks",
            "CaseTeams.mine",
            "Categories.all",
            "Ratings.bySecret",
            "Ratings.of",
            "Ratings.summary",
            "RoutingRules.all",
            "RoutingRules.attempt",
            "Regions.districts",
            "Accounts.all",
            "Accounts.find",
            "Accounts.health",
            "Accounts.capabilities",
            "MailAccounts.of",
            "MailAccounts.standings",
            "Outbox.keyOf",
            "Outbox.statuses",
            "Outbox.troubled",
            "Outbox.reach",
            "Outbox.held",
            "Intake.failed",
            "Intake.failures",
            "Intake.content",
            "Rules.deadline",
            "Rules.deadlines",
            "Rules.calendar",
            "Rules.due",
            "Rules.dueOn",
            "Rules.holidays",
            "Rules.calendarVersion",
            "SourcedLists.on",
            "SourcedLists.codes",
            "SourcedLists.all");

    /** An officer's own working state, which is no decision about anything. */
    private static final Set<String> WORKING_STATE = Set.of(
            "CaseNotices.seen",
            "Conversations.markRead",
            "Conversations.saveDraft",
            "Conversations.discardDraft",
            "Conversations.useDraft",
            "Conversations.present");

    /** What needs mail servers, which stand in the tests of mail accounts. */
    private static final Set<String> WITH_MAIL_SERVERS =
            Set.of("MailAccounts.add", "MailAccounts.change", "MailAccounts.tryBothWays");

    /** Steps of a change that another module records as a whole, in the same transaction. */
    private static final Set<String> WITHIN_ANOTHERS = Set.of(
            "Conversations.keep",
            "Conversations.mark",
            "Conversations.announce",
            "Outbox.submitAll",
            "Outbox.forgetRecipient",
            "Intake.forget");

    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    @Autowired
    Trail trail;

    private DeskHouse house;
    private Regency regency;
    private Actor administrator;
    private final Map<String, Set<String>> expected = new LinkedHashMap<>();
    private final SoftAssertions soft = new SoftAssertions();

    @BeforeEach
    void aRegency() {
        house = new DeskHouse(context);
        regency = house.new Regency();
        administrator = regency.officer("Sari Wulandari", regency.tenant.office(), false, Role.ADMINISTRATOR);
    }

    @Test
    void everyChangeLeavesItsVerb() {
        founding();
        agenciesAndOfficers();
        settings();
        conversations();
        contacts();
        cases();
        detours();
        sending();
        soft.assertAll();
        var rows = expected.keySet().stream()
                .filter(each -> Character.isUpperCase(each.charAt(0)))
                .collect(Collectors.toCollection(TreeSet::new));
        var missing = changing();
        missing.removeAll(rows);
        assertThat(missing)
                .as("methods that change state: give them a row here with their verb, or name them as reading")
                .isEmpty();
        rows.removeAll(changing());
        assertThat(rows).as("rows of methods that are not there").isEmpty();
    }

    private static Stream<Class<?>> interfacesOf(String module) {
        try (var files = Files.list(Path.of("src/main/java/id/kentongan", module))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".java") && !file.equals("package-info.java"))
                    .<Class<?>>map(file -> type("id.kentongan." + module + "." + file.replace(".java", "")))
                    .filter(type -> type.isInterface() && !type.isSealed())
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private TreeSet<String> changing() {
        return INTERFACES.stream()
                .flatMap(type -> Arrays.stream(type.getMethods())
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                        .map(Method::getName)
                        .map(method -> type.getSimpleName() + "." + method))
                .filter(each -> !READING.contains(each)
                        && !WORKING_STATE.contains(each)
                        && !WITH_MAIL_SERVERS.contains(each)
                        && !WITHIN_ANOTHERS.contains(each))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Runs a change and asks for its verbs, of which some are recorded after the commit by whoever listens. */
    private void leaves(String what, Runnable change, String... verbs) {
        leaves(administrator, what, change, verbs);
    }

    private void leaves(Actor reader, String what, Runnable change, String... verbs) {
        expected.put(what, Set.of(verbs));
        var before = trail.latest(reader, null, 1000).items().stream()
                .map(TrailLine::id)
                .collect(Collectors.toSet());
        change.run();
        try {
            DeskHouse.await(() -> Optional.of(since(reader, before)).filter(all -> all.containsAll(Set.of(verbs))));
        } catch (AssertionError e) {
            soft.assertThat(since(reader, before)).as(what).contains(verbs);
        }
    }

    private Set<String> since(Actor reader, Set<UUID> before) {
        return trail.latest(reader, null, 1000).items().stream()
                .filter(line -> !before.contains(line.id()))
                .map(line -> line.entry().verb())
                .collect(Collectors.toSet());
    }

    private void founding() {
        var found = trail.latest(administrator, null, 1000).items().stream()
                .map(line -> line.entry().verb())
                .collect(Collectors.toSet());
        for (var each : Map.of(
                        "Tenants.found", "identity.tenant-founded",
                        "Rules.installDefaults", "policy.defaults-installed",
                        "Accounts.add", "channel.account-added",
                        "Officers.add", "identity.officer-added",
                        "RoutingRules.save", "casework.routing-rule-saved",
                        "Conversations.saveCannedAnswer", "inbox.canned-answer-saved")
                .entrySet()) {
            expected.put(each.getKey(), Set.of(each.getValue()));
            soft.assertThat(found).as(each.getKey()).contains(each.getValue());
        }
    }

    private void agenciesAndOfficers() {
        var agencies = context.getBean(Agencies.class);
        leaves(
                "Agencies.save",
                () -> agencies.save(
                        administrator,
                        new Agency(AgencyId.next(), null, "dlh", "Dinas LH", "Dinas LH", "sampah", true)),
                "identity.agency-saved");
        var admin = visitor();
        leaves("sign in", () -> signIn(admin, "sari.wulandari@uji.example"), "identity.signed-in");
        var page = new String[2];
        leaves(
                "Invitations.invite",
                () -> page[0] = admin.post(
                                "/desk/atur/petugas/undang",
                                Map.of(
                                        "name",
                                        "Sri Lestari",
                                        "mail",
                                        "sri@uji.example",
                                        "agency",
                                        regency.tenant.works().toString(),
                                        "roles",
                                        "LIAISON_OFFICER"))
                        .location(),
                "identity.officer-added");
        leaves("invite again", () -> admin.post(page[0] + "/undang-lagi", Map.of()), "identity.officer-invited-again");
        page[1] = admin.get(page[0]).page().select("#link").attr("value").replaceFirst("^https?://[^/]+", "");
        var sri = visitor();
        sri.get(page[1]);
        leaves(
                "accept an invitation",
                () -> sri.post(
                        page[1],
                        Map.of("name", "Sri Lestari", "password", TestTenants.PASSWORD, "again", TestTenants.PASSWORD)),
                "identity.invitation-accepted");
        var secret =
                sri.get("/sign-in/second-factor").page().select("main code").text();
        var codes = new String[1];
        leaves(
                "enrol a second factor",
                () -> codes[0] = sri.post("/sign-in/second-factor", Map.of("code", code(secret)))
                        .page()
                        .select("ol code")
                        .first()
                        .text(),
                "identity.second-factor-enrolled",
                "identity.recovery-codes-made",
                "identity.signed-in");
        sri.get("/desk/akun");
        leaves("sign out", () -> sri.post("/sign-out", Map.of()), "identity.signed-out");
        signIn(sri, "sri@uji.example");
        sri.get("/sign-in/code");
        leaves(
                "use a recovery code",
                () -> sri.post("/sign-in/code", Map.of("code", codes[0])),
                "identity.recovery-code-used",
                "identity.signed-in");
        sri.get("/desk/akun");
        leaves(
                "change the password",
                () -> sri.post(
                        "/desk/akun/kata-sandi",
                        Map.of(
                                "current",
                                TestTenants.PASSWORD,
                                "password",
                                "kata sandi lain yang panjang",
                                "again",
                                "kata sandi lain yang panjang")),
                "identity.password-changed");
        sri.get("/desk/akun");
        leaves("end sessions", () -> sri.post("/desk/akun/sesi/akhiri-lainnya", Map.of()), "identity.sessions-ended");
        admin.get(page[0]);
        leaves(
                "Officers.change",
                () -> admin.post(
                        page[0],
                        Map.of(
                                "name",
                                "Sri L",
                                "agency",
                                regency.tenant.registry().toString(),
                                "roles",
                                "HEAD")),
                "identity.officer-changed");
        leaves(
                "take a second factor away",
                () -> admin.post(page[0] + "/faktor-kedua", Map.of()),
                "identity.second-factor-reset");
        leaves("deactivate", () -> admin.post(page[0] + "/nonaktif", Map.of()), "identity.officer-deactivated");
        leaves("reactivate", () -> admin.post(page[0] + "/aktif", Map.of()), "identity.officer-reactivated");
        leaves(
                "Officers.add",
                () -> context.getBean(Officers.class)
                        .add(
                                administrator,
                                new NewOfficer(
                                        "Baru", "baru@uji.example", regency.tenant.works(), Set.of(Role.HEAD), false),
                                TestTenants.PASSWORD),
                "identity.officer-added");
    }

    private void settings() {
        var rules = context.getBean(Rules.class);
        var deadline = rules.deadlines(administrator).getFirst();
        leaves(
                "Rules.change",
                () -> rules.change(
                        administrator,
                        new DeadlineRule(
                                Ids.next(),
                                deadline.key(),
                                deadline.amount() + 1,
                                deadline.unit(),
                                "Peraturan rekaan",
                                null,
                                LocalDate.of(2031, 1, 1),
                                null,
                                deadline.confidence())),
                "policy.deadline-changed");
        leaves(
                "Rules.addHoliday",
                () -> rules.addHoliday(
                        administrator, LocalDate.of(2031, 1, 2), Holiday.Kind.LOCAL, "Hari rekaan", "Keputusan rekaan"),
                "policy.holiday-added",
                "casework.calendar-followed");
        leaves(
                "Rules.withdrawHoliday",
                () -> rules.withdrawHoliday(administrator, LocalDate.of(2031, 1, 2), "Salah tulis"),
                "policy.holiday-withdrawn");
        var lists = context.getBean(SourcedLists.class);
        var entry = lists.all(administrator).getFirst();
        leaves(
                "SourcedLists.end",
                () -> lists.end(administrator, entry.id(), LocalDate.of(2031, 1, 1)),
                "policy.entry-ended");
        leaves(
                "SourcedLists.add",
                () -> lists.add(
                        administrator,
                        new ListEntry(
                                Ids.next(),
                                entry.list(),
                                "rekaan",
                                9,
                                entry.title(),
                                "Keputusan rekaan",
                                null,
                                LocalDate.of(2031, 1, 2),
                                null,
                                entry.confidence())),
                "policy.entry-added");
        leaves(
                "Categories.save",
                () -> context.getBean(Categories.class)
                        .save(administrator, new Categories.Category("Drainase", regency.tenant.works(), "")),
                "casework.category-saved");
        var routing = context.getBean(RoutingRules.class);
        var second = new RoutingRule(
                Ids.next(),
                2,
                "Lampu padam",
                List.of("lampu"),
                null,
                null,
                CaseKind.COMPLAINT,
                "Lampu",
                regency.tenant.works(),
                "Uji coba",
                LocalDate.of(2020, 1, 1),
                null);
        leaves("RoutingRules.save", () -> routing.save(administrator, second), "casework.routing-rule-saved");
        leaves(
                "RoutingRules.move",
                () -> routing.move(administrator, second.id(), true),
                "casework.routing-rule-moved");
        leaves(
                "RoutingRules.end",
                () -> routing.end(administrator, second.id(), LocalDate.of(2020, 2, 1)),
                "casework.routing-rule-ended");
        leaves(
                "RoutingRules.resume",
                () -> routing.resume(administrator, second.id()),
                "casework.routing-rule-resumed");
        leaves(
                "Regions.save",
                () -> context.getBean(Regions.class)
                        .save(administrator, List.of(new District("99.01", "Melati", 1.0, 2.0, List.of()))),
                "casework.regions-saved");
        leaves(
                "Conversations.removeCannedAnswer",
                () -> house.conversations.removeCannedAnswer(
                        administrator,
                        house.conversations
                                .cannedAnswers(administrator)
                                .getFirst()
                                .id()),
                "inbox.canned-answer-removed");
        leaves(
                "Conversations.saveCannedAnswer",
                () -> house.conversations.saveCannedAnswer(
                        administrator, new CannedAnswer(Ids.next(), "Baru", "Terima kasih.")),
                "inbox.canned-answer-saved");
        var accounts = context.getBean(Accounts.class);
        leaves(
                "Accounts.add",
                () -> accounts.add(administrator, Network.ACTIVITYPUB, "lain", "Kabar lain", "Akun rekaan"),
                "channel.account-added");
        leaves(
                "Accounts.limit",
                () -> accounts.limit(administrator, regency.account.id(), 500),
                "channel.account-limited");
        var account = regency.account;
        leaves(
                "Accounts.change",
                () -> accounts.change(
                        administrator,
                        new Account(
                                account.id(),
                                account.network(),
                                account.handle(),
                                "Kabar baru",
                                account.summary(),
                                account.state())),
                "channel.account-changed");
        leaves("Accounts.web", () -> accounts.web(regency.tenant.system()), "channel.account-added");
    }

    private void conversations() {
        var key = "https://warga.example/" + Ids.next();
        var all = house.conversations;
        leaves(
                "hear a message",
                () -> regency.receives(regency.said(key, "wati", null, Duration.ofMinutes(5), "Kapan Puskesmas buka?")),
                "inbox.received");
        leaves(
                "hear an edit",
                () -> regency.receives(new Item.Edited(
                        key + "/e",
                        regency.ago(Duration.ofMinutes(4)),
                        regency.author("wati").key(),
                        key,
                        "Kapan Puskesmas Melati buka?",
                        null,
                        List.of(),
                        null)),
                "inbox.edited");
        var row = regency.row(regency.budi, "Puskesmas Melati");
        leaves(
                "Conversations.assign",
                () -> all.assign(regency.budi, row.id(), regency.rina.officer()),
                "inbox.assigned");
        leaves("Conversations.note", () -> all.note(regency.budi, row.id(), "Catatan"), "inbox.noted");
        var answer = new MessageId[1];
        leaves(
                "Conversations.reply",
                () -> answer[0] = all.reply(
                        regency.budi,
                        row.id(),
                        "public",
                        "Buka pukul 8.",
                        Ids.next().toString(),
                        null),
                "inbox.answered",
                "channel.queued",
                "channel.sent");
        leaves(
                "Conversations.correct",
                () -> all.correct(regency.budi, row.id(), answer[0], "Buka pukul 9.", 0),
                "inbox.corrected",
                "channel.queued",
                "channel.edited");
        leaves(
                "Conversations.withdraw",
                () -> all.withdraw(regency.budi, row.id(), answer[0]),
                "inbox.withdrawn",
                "channel.withdrawn");
        leaves("Conversations.finish", () -> all.finish(regency.budi, row.id()), "inbox.finished");
        leaves("Conversations.reopen", () -> all.reopen(regency.budi, row.id()), "inbox.reopened");
        leaves(
                "hear a reaction",
                () -> regency.receives(new Item.Reacted(
                        key + "/r", regency.ago(Duration.ofMinutes(3)), regency.author("wati"), key, "like", false)),
                "inbox.reacted");
        leaves(
                "hear a follower",
                () -> regency.receives(new Item.Followed(
                        key + "/f", regency.ago(Duration.ofMinutes(3)), regency.author("wati"), false)),
                "inbox.followed");
        leaves(
                "hear a deletion",
                () -> regency.receives(new Item.Deleted(
                        key + "/d",
                        regency.ago(Duration.ofMinutes(2)),
                        regency.author("wati").key(),
                        key)),
                "inbox.deleted");
        leaves(
                "hear that somebody left",
                () -> {
                    regency.receives(
                            regency.said(key + "/2", "joko", null, Duration.ofMinutes(5), "Kapan kantor buka?"));
                    regency.receives(new Item.Left(
                            key + "/l",
                            regency.ago(Duration.ofMinutes(1)),
                            regency.author("joko").key()));
                },
                "inbox.author-left");
    }

    private void contacts() {
        var contacts = context.getBean(Contacts.class);
        var who = Stream.of("endah", "darto", "yanto")
                .map(name -> {
                    regency.receives(regency.said(
                            "https://warga.example/" + Ids.next(),
                            name,
                            null,
                            Duration.ofMinutes(5),
                            "Kapan loket buka, tanya " + name + "?"));
                    var row = regency.row(regency.budi, "tanya " + name);
                    return house.conversations.owner(regency.budi, row.id()).orElseThrow();
                })
                .toList();
        var joining = new JoiningId[1];
        leaves(
                "Contacts.join",
                () -> joining[0] =
                        contacts.join(regency.budi, who.get(0), who.get(1)).orElseThrow(),
                "inbox.contacts-joined");
        leaves("Contacts.split", () -> contacts.split(regency.budi, joining[0]), "inbox.contacts-split");
        contacts.join(regency.budi, who.get(0), who.get(2)).orElseThrow();
        leaves("Contacts.takeOut", () -> contacts.takeOut(regency.budi, who.get(2)), "inbox.contacts-split");
        leaves(
                "Contacts.keepApart",
                () -> contacts.keepApart(regency.budi, who.get(0), who.get(1)),
                "inbox.contacts-apart");
        leaves("Contacts.erase", () -> contacts.erase(regency.tenant.system(), who.get(0)), "inbox.contact-erased");
    }

    private void cases() {
        var cases = house.cases;
        leaves(
                "Conversations.replyAutomatically",
                () -> {
                    regency.receives(regency.said(
                            "https://warga.example/" + Ids.next(),
                            "tono",
                            null,
                            Duration.ofMinutes(5),
                            "Jalan amblas."));
                    regency.withCase(regency.budi, "Jalan amblas");
                },
                "casework.opened",
                "inbox.answered-automatically",
                "channel.queued");
        var row = regency.withCase(regency.budi, "Jalan amblas");
        leaves(
                "Cases.verify",
                () -> cases.verify(
                        regency.budi,
                        matter(row).id(),
                        CaseKind.ASPIRATION,
                        matter(row).version()),
                "casework.verified");
        leaves(
                "Cases.forward",
                () -> cases.forward(
                        regency.budi,
                        matter(row).id(),
                        regency.tenant.registry(),
                        "Mohon dijawab.",
                        matter(row).version()),
                "casework.forwarded");
        leaves(
                "Cases.answer",
                () -> cases.answer(
                        regency.budi,
                        matter(row).id(),
                        "Sudah diperbaiki.",
                        Ids.next().toString(),
                        matter(row).version()),
                "casework.answered",
                "inbox.answered");
        leaves(
                "Cases.close",
                () -> cases.close(
                        regency.budi, matter(row).id(), "Selesai.", matter(row).version()),
                "casework.closed");
        leaves(
                "Cases.reopen",
                () -> cases.reopen(regency.budi, matter(row).id(), "Belum selesai."),
                "casework.reopened");
        regency.receives(
                regency.said("https://warga.example/" + Ids.next(), "sri", null, Duration.ofMinutes(5), "Halo semua."));
        var talk = regency.row(regency.budi, "Halo semua");
        leaves(
                "Cases.open",
                () -> cases.open(regency.budi, talk.id(), CaseKind.ASPIRATION, regency.tenant.works()),
                "casework.opened");
        var secret = Ids.next().toString().replace("-", "");
        leaves(
                "Intake.acceptForm",
                () -> regency.form("Warga", "Lampu mati di gang.", Map.of("kind", "complaint", "secret", secret)),
                "inbox.received",
                "casework.opened");
        leaves(
                "Cases.add",
                () -> cases.add(
                        regency.tenant.id(),
                        secret,
                        "Tiangnya miring.",
                        List.of(),
                        Ids.next().toString()),
                "casework.added",
                "inbox.received");
    }

    private void detours() {
        var cases = house.cases;
        leaves(
                "Cases.postpone",
                () -> {
                    var matter = fresh("satu");
                    cases.postpone(
                            regency.budi,
                            matter.id(),
                            "Menunggu alat berat.",
                            LocalDate.now(ZoneOffset.UTC).plusDays(5),
                            matter.version());
                },
                "casework.postponed");
        leaves(
                "Cases.resume",
                () -> {
                    var matter = matter(row("satu"));
                    cases.resume(regency.budi, matter.id(), matter.version());
                },
                "casework.resumed");
        leaves(
                "Cases.giveBack",
                () -> {
                    var matter = fresh("dua");
                    cases.giveBack(regency.hendra, matter.id(), "Bukan jalan kabupaten.", matter.version());
                },
                "casework.returned");
        leaves(
                "Cases.refer",
                () -> {
                    var matter = fresh("tiga");
                    cases.refer(regency.budi, matter.id(), "Balai jalan nasional.", matter.version());
                },
                "casework.not-ours");
        var reason = context.getBean(SourcedLists.class)
                .codes(administrator, "case.archive-reason", LocalDate.now(ZoneOffset.UTC))
                .iterator()
                .next();
        leaves(
                "Cases.archive",
                () -> {
                    var matter = fresh("empat");
                    cases.archive(regency.budi, matter.id(), reason, "", true, matter.version());
                },
                "casework.archived");
        var teams = context.getBean(CaseTeams.class);
        leaves(
                "CaseTeams.support",
                () -> {
                    var matter = fresh("lima");
                    teams.support(
                            regency.budi, matter.id(), regency.tenant.registry(), "Mohon dibantu.", matter.version());
                },
                "casework.supported");
        leaves(
                "CaseTeams.contribute",
                () -> teams.contribute(regency.budi, matter(row("lima")).id(), "Sudah ditinjau."),
                "casework.contributed");
        var task = new UUID[1];
        leaves(
                "CaseTeams.give",
                () -> task[0] = teams.give(
                        regency.budi, matter(row("lima")).id(), "Tinjau lokasi", regency.tenant.registry(), null, null),
                "casework.task-given");
        leaves("CaseTeams.done", () -> teams.done(regency.budi, task[0], true), "casework.task-done");
        leaves("open a task again", () -> teams.done(regency.budi, task[0], false), "casework.task-open");
        teams.done(regency.budi, task[0], true);
        leaves(
                "CaseTeams.release",
                () -> {
                    var matter = matter(row("lima"));
                    teams.release(regency.budi, matter.id(), regency.tenant.registry(), matter.version());
                },
                "casework.support-ended");
        var secret = Ids.next().toString().replace("-", "");
        regency.form("Warga", "Pohon tumbang di jalan.", Map.of("kind", "complaint", "secret", secret));
        var closing = regency.withCase(regency.budi, "Pohon tumbang");
        cases.close(
                regency.budi, matter(closing).id(), "Selesai.", matter(closing).version());
        var ratings = context.getBean(Ratings.class);
        leaves("Ratings.rate", () -> ratings.rate(regency.tenant.id(), secret, 5, ""), "casework.rated");
        leaves(
                "rate anew",
                () -> ratings.rate(regency.tenant.id(), secret, 4, "Cukup cepat."),
                "casework.rating-changed");
    }

    private CaseView fresh(String which) {
        regency.receives(regency.said(
                "https://warga.example/" + Ids.next(),
                "warga-" + which,
                null,
                Duration.ofMinutes(5),
                "Jalan amblas titik " + which + "."));
        return matter(row(which));
    }

    private ConversationRow row(String which) {
        return regency.withCase(regency.budi, "titik " + which);
    }

    private void sending() {
        var outbox = context.getBean(Outbox.class);
        var intake = context.getBean(Intake.class);
        regency.receives(regency.said(
                "https://warga.example/" + Ids.next(), "dewi", null, Duration.ofMinutes(5), "Terima kasih banyak."));
        var row = regency.row(regency.budi, "Terima kasih banyak");
        var id = house.conversations.reply(
                regency.budi, row.id(), "public", "Sama-sama.", Ids.next().toString(), null);
        var outgoing = DeskHouse.await(() -> house.conversations
                .message(regency.budi, row.id(), id)
                .flatMap(each -> Optional.ofNullable(each.status()))
                .filter(each -> each.state() == OutgoingStatus.State.SENT)
                .map(each -> each.id()));
        leaves(
                "Outbox.edit",
                () -> outbox.edit(regency.budi, outgoing, Ids.next().toString(), "Sama-sama, Bu.", null),
                "channel.queued",
                "channel.edited");
        leaves(
                "Outbox.withdraw",
                () -> outbox.withdraw(regency.budi, outgoing, Ids.next().toString()),
                "channel.queued",
                "channel.withdrawn");
        leaves("Outbox.submit", () -> submitted(outbox), "channel.queued");
        var unsure = submitted(outbox);
        put(unsure, "UNKNOWN");
        leaves("Outbox.settle", () -> outbox.settle(administrator, unsure, true), "channel.settled");
        var refused = submitted(outbox);
        put(refused, "REFUSED");
        leaves("Outbox.giveUp", () -> outbox.giveUp(administrator, refused), "channel.abandoned");
        leaves(
                "Intake.accept",
                () -> intake.accept(
                        regency.tenant.system(),
                        regency.account.id(),
                        Map.of(),
                        "bukan JSON".getBytes(StandardCharsets.UTF_8)),
                "channel.delivery-failed");
        var failed = intake.failed(administrator, null, 1).items().getFirst();
        leaves("Intake.replay", () -> intake.replay(administrator, List.of(failed.id())), "channel.replayed");
        DeskHouse.await(
                () -> Optional.of(intake.failed(administrator, null, 1).items()).filter(all -> !all.isEmpty()));
        leaves("Intake.replayFailed", () -> intake.replayFailed(administrator, null), "channel.replayed");
    }

    private OutgoingId submitted(Outbox outbox) {
        var id = OutgoingId.next();
        outbox.submit(
                regency.tenant.system(),
                new Outgoing(
                        id,
                        regency.account.id(),
                        id.toString(),
                        null,
                        null,
                        Audience.PUBLIC,
                        "Kabar hari ini.",
                        null,
                        "id",
                        List.of(),
                        null));
        DeskHouse.await(() -> Optional.ofNullable(
                        outbox.statuses(administrator, List.of(id)).get(id))
                .filter(each -> each.state() == OutgoingStatus.State.SENT));
        return id;
    }

    /** As it would stand after a network that answered otherwise. */
    private void put(OutgoingId id, String state) {
        assertThat(context.getBean(ActorTransactions.class)
                        .write(
                                regency.tenant.system(),
                                () -> context.getBean(JdbcClient.class)
                                        .sql("update channel.outgoing set state = ? where id = ?")
                                        .params(state, id.value())
                                        .update()))
                .isEqualTo(1);
    }

    private CaseView matter(ConversationRow row) {
        return regency.caseOf(regency.budi, row);
    }

    private Visitor visitor() {
        return new Visitor(port, regency.tenant.tenant().host());
    }

    private static void signIn(Visitor visitor, String mail) {
        visitor.get("/sign-in");
        visitor.post("/sign-in", Map.of("mail", mail, "password", TestTenants.PASSWORD));
        visitor.get("/desk/bantuan");
    }

    private static String code(String secret) {
        try {
            return new DefaultCodeGenerator(HashingAlgorithm.SHA1, 6)
                    .generate(secret, System.currentTimeMillis() / 30_000);
        } catch (CodeGenerationException e) {
            throw new IllegalStateException(e);
        }
    }
}
