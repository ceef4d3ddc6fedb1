// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.casework.CaseFilter;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseTeams;
import id.kentongan.casework.Regions;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Intake;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.OutgoingId;
import id.kentongan.database.StuckEvents;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Officers;
import id.kentongan.identity.Officers.NewOfficer;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Conversations.CannedAnswer;
import id.kentongan.inbox.Draft;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Holiday;
import id.kentongan.policy.Rules;
import id.kentongan.policy.SourcedLists;
import id.kentongan.site.spi.MenuContributor;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.Visitor.Answer;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Which role opens which route of the desk, for every route the application has; and that absent and forbidden look
 * the same on every route that takes an id, byte for byte, for every role.
 */
@WithDatabase
class AccessRuleTests {
    /** A variable of a route, by the segment before it: {@code kasus/{id}}. */
    private static final Pattern VARIABLE = Pattern.compile("([^/]+)/(\\{\\w+})");

    private static final Set<Role> READS =
            EnumSet.of(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER, Role.AUDITOR);
    private static final Set<Role> WORKS =
            EnumSet.of(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER);
    private static final Set<Role> DECIDES = EnumSet.of(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR);
    private static final Set<Role> ADMINISTERS = EnumSet.of(Role.ADMINISTRATOR);
    private static final Set<Role> SETTLES = EnumSet.of(Role.ADMINISTRATOR, Role.SUPERVISOR);
    /** An auditor looks at all that is set up, and changes none of it. */
    private static final Set<Role> OVERSEES = EnumSet.of(Role.ADMINISTRATOR, Role.AUDITOR);

    private static final Set<Role> LOOKS_AT_WHAT_IS_SETTLED =
            EnumSet.of(Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AUDITOR);
    private static final Set<Role> EVERYBODY = EnumSet.allOf(Role.class);

    /** The first that fits decides. What is new fits none, and the test asks for its rule. */
    private static final List<Rule> RULES = List.of(
            new Rule(".* /desk/(akun|bantuan)(/.*|\\.png)?", EVERYBODY),
            new Rule("GET /desk/angka", EnumSet.complementOf(EnumSet.of(Role.ADMINISTRATOR))),
            // Whoever reads no citizen's words is led to the numbers.
            new Rule("GET /desk", EVERYBODY),
            new Rule("GET /desk/jejak", EnumSet.of(Role.AUDITOR, Role.ADMINISTRATOR)),
            new Rule("GET /desk/atur/kesiapan", ADMINISTERS),
            new Rule("GET /desk/atur/tersendat", SETTLES),
            new Rule("GET /desk/atur/(petugas|perangkat-daerah)(/\\{id})?", OVERSEES),
            // Only a reason opens an officer's mail address to an auditor.
            new Rule("POST /desk/atur/petugas/\\{id}/alasan", OVERSEES),
            new Rule(".* /desk/atur/(petugas|perangkat-daerah)(/.*)?", ADMINISTERS),
            new Rule("GET /desk/atur/kanal/kiriman(/\\{id})?", OVERSEES),
            new Rule("POST /desk/atur/kanal/kiriman/\\{id}/alasan", OVERSEES),
            new Rule("(GET|POST) /desk/atur/kanal/(kiriman.*|tambah|surel/tambah|\\{id}/.*)", ADMINISTERS),
            new Rule("GET /desk/atur/kanal", LOOKS_AT_WHAT_IS_SETTLED),
            new Rule("(GET|POST) /desk/atur/kanal(/keluar/.*)?", SETTLES),
            new Rule("GET /desk/atur/(aturan-penerusan|tenggat|peristiwa)", OVERSEES),
            new Rule("(GET|POST) /desk/atur/(aturan-penerusan|tenggat|peristiwa|daftar)(/.*)?", ADMINISTERS),
            new Rule("GET /desk/atur/jawaban", LOOKS_AT_WHAT_IS_SETTLED),
            new Rule("(GET|POST) /desk/atur/jawaban(/.*)?", SETTLES),
            new Rule("GET /desk/pekerjaan", WORKS),
            new Rule(
                    "(GET|POST) /desk/pemberitahuan",
                    EnumSet.of(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER, Role.HEAD)),
            new Rule("GET /desk/percakapan/\\{id}/pesan/.*", WORKS),
            new Rule("GET /desk/(alir|cari|kasus|percakapan)(/.*)?", READS),
            // Only a reason opens personal data to an auditor; the others need none and may give one.
            new Rule("POST /desk/(kasus|percakapan)/\\{id}/alasan", READS),
            new Rule(
                    "POST /desk/kasus/\\{id}/(verifikasi|tunda|lanjutkan|bukan-wewenang|arsipkan|tutup|buka)", DECIDES),
            new Rule("POST /desk/percakapan/\\{id}/(kasus|kontak/.*)", DECIDES),
            new Rule("POST /desk/(kasus|percakapan)/.*", WORKS));

    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mapping;

    @Autowired
    List<MenuContributor> menus;

    private DeskHouse house;
    private Regency here;
    private Regency elsewhere;

    private record Rule(String route, Set<Role> roles) {}

    /** @param own whether the words of the works agency are within reach */
    private record Person(String who, Role role, boolean own, Actor actor, Visitor browser) {}

    /** @param answers roles that get an answer; @param words whether it is about the words of the works agency */
    private record Service(String name, Set<Role> answers, boolean words, Consumer<Actor> call) {}

    /** Ids by variable, as {@link #VARIABLE} finds them. */
    private record Things(String name, Map<String, String> ids) {}

    @BeforeEach
    void twoRegenciesWithACaseEach() throws Exception {
        house = new DeskHouse(context);
        here = house.new Regency();
        elsewhere = house.new Regency();
        aCase(here);
        aCase(elsewhere);
    }

    private static void aCase(Regency regency) throws Exception {
        regency.receives(new Item.Said(
                "https://warga.example/" + regency.tenant.id(),
                regency.ago(Duration.ofMinutes(5)),
                regency.author("wati"),
                Audience.PUBLIC,
                null,
                "Jalan amblas.",
                null,
                "id",
                null,
                true,
                List.of(new Attachment(null, "image/png", null, DeskPagesTests.picture())),
                Map.of()));
        regency.withCase(regency.budi, "Jalan amblas");
    }

    @Test
    void everyRouteOfTheDeskHasItsRule() {
        assertThat(routes())
                .isNotEmpty()
                .allSatisfy(route -> assertThat(roles(route)).as(route).isNotEmpty());
    }

    @Test
    void absentAndForbiddenLookTheSameOnEveryRouteThatTakesAnId() {
        var soft = new SoftAssertions();
        var own = things(here, "of the own tenant");
        var foreign = things(elsewhere, "of another tenant");
        for (var person : people()) {
            for (var route : routes()) {
                if (!route.contains("{")) {
                    continue;
                }
                var absent = ask(person, route, nothing());
                soft.assertThat(absent.status())
                        .as("%s %s, absent", person.who(), route)
                        .isEqualTo(404);
                same(soft, person, route, foreign, absent);
                if (!opens(person, route)) {
                    same(soft, person, route, own, absent);
                }
            }
        }
        soft.assertAll();
    }

    private void same(SoftAssertions soft, Person person, String route, Things things, Answer absent) {
        var answer = ask(person, route, things);
        soft.assertThat(answer.status())
                .as("%s %s, %s", person.who(), route, things.name())
                .isEqualTo(404);
        soft.assertThat(shown(answer))
                .as("%s %s, %s", person.who(), route, things.name())
                .isEqualTo(shown(absent));
    }

    @Test
    void everyRoleIsAnsweredOnItsOwnRoutesAndOnNoOther() {
        var soft = new SoftAssertions();
        var people = new ArrayList<>(people());
        people.add(person("liaison of works", here.tenant.works(), Role.LIAISON_OFFICER, true));
        for (var person : people) {
            // Somebody else to change for each, since some of these routes put an officer out of office.
            var own = things(here, "own");
            if (person.role() == Role.AUDITOR) {
                // Pictures are personal data: there for an auditor once a reason is stated.
                ask(person, "POST /desk/percakapan/{id}/alasan", own);
            }
            for (var route : routes()) {
                var status = ask(person, route, own).status();
                if (opens(person, route)) {
                    soft.assertThat(status).as("%s %s", person.who(), route).isNotIn(404, 500);
                } else {
                    soft.assertThat(status).as("%s %s", person.who(), route).isEqualTo(404);
                }
            }
        }
        soft.assertAll();
    }

    /** What stands for everybody in the frame of the page: language, sign-out; and what searches. */
    private static final Pattern CHANGES_NOTHING =
            Pattern.compile("(get .*)|(post /sign-out)|(post /preferences/.*)|(post .*/alasan)|(post /desk/akun.*)");

    @Test
    void anAuditorSeesEveryPageOfTheSettingsWithoutAnythingThatChanges() {
        var soft = new SoftAssertions();
        var auditor = person("auditor", here.tenant.office(), Role.AUDITOR, true);
        var own = things(here, "own");
        var read = new TreeSet<String>();
        for (var route : routes()) {
            if (!route.startsWith("GET /desk/atur") || !opens(auditor, route)) {
                continue;
            }
            read.add(route);
            var page = ask(auditor, route, own).page();
            soft.assertThat(page.select("form").stream()
                            .map(form -> (form.attr("method").isEmpty() ? "get" : form.attr("method")) + " "
                                    + form.attr("action"))
                            .filter(form -> !CHANGES_NOTHING.matcher(form).matches()))
                    .as(route)
                    .isEmpty();
            for (var link : page.select("main a[href^=/desk]")) {
                soft.assertThat(auditor.browser().get(link.attr("href")).status())
                        .as("%s on %s", link.attr("href"), route)
                        .isEqualTo(200);
            }
        }
        soft.assertThat(read)
                .contains(
                        "GET /desk/atur",
                        "GET /desk/atur/petugas",
                        "GET /desk/atur/petugas/{id}",
                        "GET /desk/atur/perangkat-daerah",
                        "GET /desk/atur/perangkat-daerah/{id}",
                        "GET /desk/atur/kanal",
                        "GET /desk/atur/kanal/kiriman",
                        "GET /desk/atur/aturan-penerusan",
                        "GET /desk/atur/tenggat",
                        "GET /desk/atur/jawaban",
                        "GET /desk/atur/peristiwa");
        soft.assertAll();
    }

    @Test
    void anOfficersMailAddressIsShownToAnAuditorOnlyForAStatedReasonThatIsRecorded() {
        var auditor = person("auditor", here.tenant.office(), Role.AUDITOR, true);
        var page = "/desk/atur/petugas/" + here.hendra.id();
        assertThat(auditor.browser().get(page).body()).doesNotContain("hendra.lesmana@uji.example");
        assertThat(auditor.browser()
                        .post(page + "/alasan", Map.of("reason", "pendek"))
                        .status())
                .isEqualTo(422);
        assertThat(auditor.browser().get(page).body()).doesNotContain("hendra.lesmana@uji.example");
        assertThat(auditor.browser()
                        .post(page + "/alasan", Map.of("reason", "Pemeriksaan triwulan, surat tugas 12"))
                        .location())
                .isEqualTo(page);
        assertThat(auditor.browser().get(page).body()).contains("hendra.lesmana@uji.example");
        assertThat(context.getBean(Trail.class).about(auditor.actor(), new Subject("officer", here.hendra.id())))
                .anySatisfy(line -> {
                    assertThat(line.entry().verb()).isEqualTo("privacy.reason-stated");
                    assertThat(line.actorName()).isEqualTo(auditor.actor().name());
                });
        assertThat(auditor.browser().get("/desk/atur/petugas/" + here.rina.id()).body())
                .doesNotContain("rina.setya@uji.example");
    }

    @Test
    void noPageShowsAHeadACitizensWordsOrName() {
        var soft = new SoftAssertions();
        var head = person("head", here.tenant.works(), Role.HEAD, true);
        var own = things(here, "own");
        for (var route : routes()) {
            if (route.startsWith("GET") && !route.endsWith("/alir")) {
                soft.assertThat(ask(head, route, own).body())
                        .as(route)
                        .doesNotContain("amblas", "@wati", "warga.example");
            }
        }
        soft.assertThat(head.browser().get("/desk/ringkasan").page().select("form[action=/desk/cari]"))
                .isEmpty();
        for (var path : List.of("/desk/cari?q=amblas", "/desk?kotak=semua", "/desk/kasus?keadaan=received")) {
            soft.assertThat(head.browser().get(path).body()).as(path).doesNotContain("@wati", "warga.example");
        }
        soft.assertAll();
    }

    @Test
    void everyServiceAnswersTheRolesItIsForAndIsAbsentForTheOthers() {
        var soft = new SoftAssertions();
        var people = new ArrayList<>(people());
        people.add(person("liaison of works", here.tenant.works(), Role.LIAISON_OFFICER, true));
        var services = services();
        for (var person : people) {
            for (var service : services) {
                var expected = service.answers().contains(person.role()) && (!service.words() || person.own());
                soft.assertThat(answers(service, person.actor()))
                        .as("%s, %s", person.who(), service.name())
                        .isEqualTo(expected);
            }
        }
        soft.assertAll();
    }

    /** Absent and forbidden are one answer; anything else, also that the state has moved on, is an answer. */
    private static boolean answers(Service service, Actor actor) {
        try {
            service.call().accept(actor);
            return true;
        } catch (RefusalException e) {
            return e.refusal().kind() != Refusal.Kind.NOT_FOUND;
        } catch (NoSuchElementException empty) {
            return false;
        }
    }

    private List<Service> services() {
        var row = here.withCase(here.budi, "Jalan amblas");
        var talk = row.id();
        var matter = here.caseOf(here.budi, row).id();
        var all = house.conversations;
        var cases = house.cases;
        var system = here.tenant.system();
        var trail = context.getBean(Trail.class);
        var routing = context.getBean(RoutingRules.class);
        var accounts = context.getBean(Accounts.class);
        var intake = context.getBean(Intake.class);
        var outbox = context.getBean(Outbox.class);
        var stuck = context.getBean(StuckEvents.class);
        var rules = context.getBean(Rules.class);
        var regions = context.getBean(Regions.class);
        var officers = context.getBean(Officers.class);
        var agencies = context.getBean(Agencies.class);
        var message = all.messages(here.budi, talk, null, 10).items().getFirst().id();
        var rule = routing.all(system).getFirst();
        var deadline = rules.deadlines(system).getFirst();
        var works = agencies.find(system, here.tenant.works()).orElseThrow();
        return List.of(
                new Service(
                        "officers.add",
                        ADMINISTERS,
                        false,
                        actor -> officers.add(
                                actor,
                                new NewOfficer(
                                        "Baru",
                                        Ids.next() + "@uji.example",
                                        here.tenant.works(),
                                        Set.of(Role.HEAD),
                                        false),
                                TestTenants.PASSWORD)),
                new Service("agencies.save", ADMINISTERS, false, actor -> agencies.save(actor, works)),
                new Service("routing.save", ADMINISTERS, false, actor -> routing.save(actor, rule)),
                new Service("rules.change", ADMINISTERS, false, actor -> rules.change(actor, deadline)),
                new Service(
                        "rules.addHoliday",
                        ADMINISTERS,
                        false,
                        actor -> rules.addHoliday(
                                actor, LocalDate.of(2031, 1, 2), Holiday.Kind.NATIONAL, "Hari rekaan", "Uji coba")),
                new Service(
                        "accounts.add",
                        ADMINISTERS,
                        false,
                        actor -> accounts.add(actor, Network.ACTIVITYPUB, "kabar", "Kabar", "Akun rekaan")),
                new Service("regions.save", ADMINISTERS, false, actor -> regions.save(actor, List.of())),
                new Service(
                        "cases.pressing",
                        EnumSet.complementOf(EnumSet.of(Role.ADMINISTRATOR)),
                        false,
                        actor -> cases.pressing(actor, 3)),
                new Service(
                        "conversations.published",
                        EnumSet.complementOf(EnumSet.of(Role.ADMINISTRATOR)),
                        false,
                        actor -> all.published(actor, null, 3)),
                new Service("stuck.all", OVERSEES, false, actor -> stuck.all(actor)),
                new Service("intake.failures", OVERSEES, false, actor -> intake.failures(actor)),
                new Service("intake.failed", OVERSEES, false, actor -> intake.failed(actor, null, 10)),
                new Service("intake.replayFailed", ADMINISTERS, false, actor -> intake.replayFailed(actor, null)),
                new Service("intake.replay", ADMINISTERS, false, actor -> intake.replay(actor, List.of())),
                new Service("accounts.change", ADMINISTERS, false, actor -> accounts.change(actor, here.account)),
                new Service("accounts.limit", ADMINISTERS, false, actor -> accounts.limit(actor, here.account.id(), 9)),
                new Service(
                        "accounts.health",
                        EnumSet.of(Role.ADMINISTRATOR, Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.AUDITOR),
                        false,
                        actor -> accounts.health(actor)),
                new Service(
                        "outbox.held",
                        EnumSet.of(Role.ADMINISTRATOR, Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.AUDITOR),
                        false,
                        actor -> outbox.held(actor)),
                new Service(
                        "outbox.settle",
                        EnumSet.of(Role.ADMINISTRATOR, Role.COMMUNICATION_OFFICER, Role.SUPERVISOR),
                        false,
                        actor -> outbox.settle(actor, OutgoingId.next(), true)),
                new Service(
                        "outbox.giveUp",
                        EnumSet.of(Role.ADMINISTRATOR, Role.COMMUNICATION_OFFICER, Role.SUPERVISOR),
                        false,
                        actor -> outbox.giveUp(actor, OutgoingId.next())),
                new Service("routing.move", ADMINISTERS, false, actor -> routing.move(actor, rule.id(), true)),
                new Service(
                        "rules.withdrawHoliday",
                        ADMINISTERS,
                        false,
                        actor -> rules.withdrawHoliday(actor, LocalDate.of(2026, 12, 25), "Uji coba")),
                new Service(
                        "conversations.removeCannedAnswer",
                        SETTLES,
                        false,
                        actor -> all.removeCannedAnswer(actor, spare(all).id())),
                new Service(
                        "trail.latest",
                        EnumSet.of(Role.AUDITOR, Role.ADMINISTRATOR),
                        false,
                        actor -> trail.latest(actor, null, 1)),
                new Service(
                        "conversations.saveCannedAnswer",
                        SETTLES,
                        false,
                        actor -> all.saveCannedAnswer(actor, new CannedAnswer(Ids.next(), "Salam", "Terima kasih."))),
                new Service(
                        "conversations.list",
                        READS,
                        true,
                        actor -> all.list(actor, ConversationFilter.of(Box.ALL), null, 10)
                                .items()
                                .getFirst()),
                new Service(
                        "conversations.search",
                        READS,
                        true,
                        actor -> all.search(actor, "amblas", null, 10).items().getFirst()),
                new Service(
                        "conversations.accessible",
                        READS,
                        true,
                        actor -> all.accessible(actor, talk).orElseThrow()),
                // An auditor reads words and pictures once a reason is stated.
                new Service(
                        "conversations.messages",
                        WORKS,
                        true,
                        actor -> all.messages(actor, talk, null, 10).items().getFirst()),
                new Service(
                        "conversations.file",
                        WORKS,
                        true,
                        actor -> all.file(actor, talk, message, 0).orElseThrow()),
                new Service("conversations.note", WORKS, true, actor -> all.note(actor, talk, "Catatan")),
                new Service(
                        "conversations.saveDraft",
                        WORKS,
                        true,
                        actor -> all.saveDraft(actor, talk, new Draft.Window(Ids.next(), null), "Draf")),
                new Service("conversations.assign", WORKS, true, actor -> all.assign(actor, talk, null)),
                new Service("conversations.finish", WORKS, true, actor -> all.finish(actor, talk)),
                new Service("conversations.reopen", WORKS, true, actor -> all.reopen(actor, talk)),
                new Service(
                        "conversations.reply",
                        WORKS,
                        true,
                        actor -> all.reply(
                                actor,
                                talk,
                                "public",
                                "Terima kasih.",
                                Ids.next().toString(),
                                null)),
                new Service(
                        "cases.list",
                        READS,
                        true,
                        actor -> cases.list(actor, new CaseFilter(null, null, null, false, false), null, 10)
                                .items()
                                .getFirst()),
                new Service(
                        "cases.accessible",
                        READS,
                        true,
                        actor -> cases.accessible(actor, matter).orElseThrow()),
                new Service(
                        "cases.ofConversation",
                        READS,
                        true,
                        actor -> cases.ofConversation(actor, talk).orElseThrow()),
                new Service("cases.verify", DECIDES, true, actor -> cases.verify(actor, matter, CaseKind.COMPLAINT, 0)),
                new Service(
                        "cases.postpone",
                        DECIDES,
                        true,
                        actor -> cases.postpone(actor, matter, "Menunggu data.", LocalDate.of(2031, 1, 2), 0)),
                new Service("cases.resume", DECIDES, true, actor -> cases.resume(actor, matter, 0)),
                new Service("cases.refer", DECIDES, true, actor -> cases.refer(actor, matter, "Tanyakan PLN.", 0)),
                new Service(
                        "cases.archive",
                        DECIDES,
                        true,
                        actor -> cases.archive(actor, matter, "too-general", "", true, 0)),
                new Service(
                        "cases.places",
                        READS,
                        true,
                        actor -> cases.places(actor, matter).getFirst()),
                new Service("cases.giveBack", WORKS, true, actor -> cases.giveBack(actor, matter, "Bukan kami.", 0)),
                new Service("cases.close", DECIDES, true, actor -> cases.close(actor, matter, "Selesai diuji.", 0)),
                new Service("cases.reopen", DECIDES, true, actor -> cases.reopen(actor, matter, "Dibuka lagi.")),
                new Service(
                        "cases.forward",
                        WORKS,
                        true,
                        actor -> cases.forward(actor, matter, here.tenant.registry(), "Mohon dijawab.", 0)),
                new Service(
                        "cases.answer",
                        WORKS,
                        true,
                        actor -> cases.answer(
                                actor, matter, "Sudah diperbaiki.", Ids.next().toString(), 0)));
    }

    private CannedAnswer spare(Conversations all) {
        return all.saveCannedAnswer(here.tenant.system(), new CannedAnswer(Ids.next(), "Cadangan", "Terima kasih."));
    }

    @Test
    void idsInQueriesAreAnsweredLikeAbsentOnesToo() {
        var soft = new SoftAssertions();
        var foreign = things(elsewhere, "of another tenant").ids();
        for (var person : people()) {
            for (var path : Map.of(
                            "/desk?dinas=", foreign.get("perangkat-daerah/{id}"),
                            "/desk/kasus?dinas=", foreign.get("perangkat-daerah/{id}"),
                            "/desk/alir?percakapan=", foreign.get("percakapan/{id}"),
                            "/desk/atur/petugas?dinas=", foreign.get("perangkat-daerah/{id}"),
                            "/desk/atur/perangkat-daerah/tambah?induk=", foreign.get("perangkat-daerah/{id}"))
                    .entrySet()) {
                if (path.getKey().startsWith("/desk/alir") && READS.contains(person.role())) {
                    // A stream that may be opened never ends; DeskBordersTests asks for it with a foreign id.
                    continue;
                }
                var nothing = Ids.next().toString();
                var absent = shown(person.browser().get(path.getKey() + nothing), nothing);
                var given = shown(person.browser().get(path.getKey() + path.getValue()), path.getValue());
                soft.assertThat(given).as("%s %s", person.who(), path.getKey()).isEqualTo(absent);
            }
        }
        soft.assertAll();
    }

    private List<String> routes() {
        var routes = new TreeSet<String>();
        mapping.getHandlerMethods()
                .forEach((info, method) -> info.getPatternValues().stream()
                        .filter(path -> path.equals("/desk") || path.startsWith("/desk/"))
                        .forEach(path -> info.getMethodsCondition()
                                .getMethods()
                                .forEach(verb -> routes.add(verb + " " + path))));
        return List.copyOf(routes);
    }

    /** What a menu leads to opens for whom it is shown to; the rest has a rule here. */
    private Set<Role> roles(String route) {
        return RULES.stream()
                .filter(rule -> route.matches(rule.route()))
                .findFirst()
                .map(Rule::roles)
                .or(() -> shownTo(route))
                .orElse(Set.of());
    }

    private Optional<Set<Role>> shownTo(String route) {
        return menus.stream()
                .flatMap(each -> each.pages().stream())
                .filter(page -> route.equals("GET " + page.path()))
                .findFirst()
                .map(page -> page.roles().isEmpty() ? EVERYBODY : page.roles());
    }

    /** Whether somebody finds the things of the works agency by that route. */
    private boolean opens(Person person, String route) {
        var words = route.matches(".* /desk/(kasus|percakapan)/.*");
        // A session of somebody else's is there for nobody else, and recovery codes only beside a second factor.
        var missing = route.contains("/sesi/{")
                || route.endsWith("/kode-pemulihan")
                // Nobody who writes from a network leaves a number.
                || route.endsWith("/kontak/{message}")
                // Nothing failed on its way in or out here, and no listener on an event.
                || route.matches(".*/(kiriman|keluar|peristiwa)/\\{id}.*");
        return roles(route).contains(person.role()) && (!words || person.own()) && !missing;
    }

    private List<Person> people() {
        var registry = here.tenant.registry();
        var people = new ArrayList<Person>();
        for (var role : Role.values()) {
            var everywhere = role != Role.LIAISON_OFFICER;
            people.add(person(
                    role.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " of registry",
                    registry,
                    role,
                    everywhere));
        }
        return people;
    }

    private Person person(String who, AgencyId agency, Role role, boolean own) {
        var name = who + " " + Ids.next();
        var actor = here.officer(name, agency, false, role);
        var browser = new Visitor(port, here.tenant.tenant().host());
        browser.get("/sign-in");
        var mail = name.toLowerCase(Locale.ROOT).replace(' ', '.') + "@uji.example";
        var answer = browser.post("/sign-in", Map.of("mail", mail, "password", TestTenants.PASSWORD));
        assertThat(answer.location()).as(who).isEqualTo("/desk");
        browser.get("/desk/bantuan");
        return new Person(who, role, own, actor, browser);
    }

    private Things things(Regency regency, String name) {
        var row = regency.withCase(regency.budi, "Jalan amblas");
        var message = house.conversations
                .messages(regency.budi, row.id(), null, 10)
                .items()
                .getFirst()
                .id()
                .toString();
        var answer = house.conversations.reply(
                regency.budi, row.id(), "public", "Kami periksa.", Ids.next().toString(), null);
        var canned = house.conversations.cannedAnswers(regency.budi).getFirst();
        var other = "Sasaran " + Ids.next();
        Actor officer = regency.officer(other, regency.tenant.works(), false, Role.LIAISON_OFFICER);
        var ids = new TreeMap<String, String>();
        ids.put("percakapan/{id}", row.id().toString());
        ids.put("berkas/{message}", message);
        ids.put("pesan/{message}", answer.toString());
        ids.put("kontak/{message}", message);
        regency.receives(regency.said(
                "https://warga.example/" + Ids.next(), "sri", null, Duration.ofMinutes(3), "KTP belum jadi."));
        ids.put(
                "contact",
                house.conversations
                        .owner(
                                regency.budi,
                                regency.row(regency.budi, "KTP belum jadi").id())
                        .orElseThrow()
                        .toString());
        ids.put("{message}/{index}", "0");
        ids.put("siap/{canned}", canned.id().toString());
        var left = new Draft.Window(Ids.next(), null);
        house.conversations.saveDraft(regency.budi, row.id(), left, "Belum selesai");
        var draft = house.conversations
                .accessible(regency.budi, row.id())
                .orElseThrow()
                .drafts()
                .getFirst();
        ids.put("pakai/{other}", draft.window().toString());
        ids.put("hapus/{other}", draft.version().toString());
        ids.put(
                "jawaban/{id}",
                house.conversations.cannedAnswers(regency.budi).getLast().id().toString());
        var system = regency.tenant.system();
        var rule = context.getBean(RoutingRules.class).all(system).getFirst();
        ids.put("aturan-penerusan/{id}", rule.id().toString());
        ids.put("langkah/{step}", "naik");
        // Days and kinds of deadlines are no one's things: another regency's are told from one's own by the name only.
        var foreign = regency != here;
        ids.put("libur/{day}", foreign ? "2031-02-03" : "2026-12-25");
        ids.put(
                "aturan/{key}",
                foreign
                        ? "another-rule"
                        : context.getBean(Rules.class)
                                .deadlines(system)
                                .getFirst()
                                .key());
        ids.put(
                "daftar/{id}",
                context.getBean(SourcedLists.class).all(system).getFirst().id().toString());
        var matter = regency.caseOf(regency.budi, row);
        ids.put("bantuan/{agency}", regency.tenant.registry().toString());
        ids.put(
                "tugas/{task}",
                context.getBean(CaseTeams.class)
                        .give(regency.budi, matter.id(), "Cek lokasi", regency.tenant.works(), null, null)
                        .toString());
        ids.put("kasus/{id}", regency.caseOf(regency.budi, row).id().toString());
        ids.put("petugas/{id}", officer.id().toString());
        ids.put("perangkat-daerah/{id}", regency.tenant.works().toString());
        ids.put("sesi/{handle}", session(regency, other));
        ids.put("kanal/{id}", regency.account.id().toString());
        ids.put("kiriman/{id}", Ids.next().toString());
        ids.put("keluar/{id}", Ids.next().toString());
        ids.put("peristiwa/{id}", Ids.next().toString());
        ids.put("{id}/{remedy}", "ulang");
        return new Things(name, ids);
    }

    private Things nothing() {
        var ids = new TreeMap<String, String>();
        for (var each : List.of(
                "percakapan/{id}",
                "berkas/{message}",
                "pesan/{message}",
                "kontak/{message}",
                "siap/{canned}",
                "pakai/{other}",
                "hapus/{other}",
                "kasus/{id}",
                "petugas/{id}",
                "perangkat-daerah/{id}",
                "aturan-penerusan/{id}",
                "daftar/{id}",
                "bantuan/{agency}",
                "tugas/{task}",
                "jawaban/{id}",
                "kanal/{id}",
                "kiriman/{id}",
                "keluar/{id}",
                "peristiwa/{id}")) {
            ids.put(each, Ids.next().toString());
        }
        ids.put("{message}/{index}", "0");
        ids.put("{id}/{remedy}", "ulang");
        ids.put("langkah/{step}", "naik");
        ids.put("libur/{day}", "2031-02-04");
        ids.put("aturan/{key}", "no-such-rule");
        ids.put("sesi/{handle}", "0123456789abcdef");
        return new Things("absent", ids);
    }

    /** The handle of a session of somebody else, as that person sees it. */
    private String session(Regency regency, String name) {
        var browser = new Visitor(port, regency.tenant.tenant().host());
        var mail = name.toLowerCase(Locale.ROOT).replace(' ', '.') + "@uji.example";
        for (var i = 0; i < 2; i++) {
            browser.get("/sign-in");
            assertThat(browser.post("/sign-in", Map.of("mail", mail, "password", TestTenants.PASSWORD))
                            .location())
                    .isEqualTo("/desk");
            if (i == 0) {
                browser.cookie("SESSION", "");
            }
        }
        var action =
                browser.get("/desk/akun").page().select("form[action$=/akhiri]").attr("action");
        return action.replaceAll(".*/sesi/([^/]+)/.*", "$1");
    }

    private Answer ask(Person person, String route, Things things) {
        var path = path(route, things);
        if (route.startsWith("GET")) {
            if (path.equals("/desk/alir")) {
                return stream(person);
            }
            return person.browser().get(path);
        }
        var form = new LinkedHashMap<String, String>(Map.of(
                "text", "Halo",
                "target", "public",
                "version", "0",
                "kind", "complaint",
                "officer", "saya",
                "agency", here.tenant.works().toString(),
                "reason", "Alasan yang cukup panjang",
                "note", "Catatan yang cukup panjang"));
        form.putAll(Map.of(
                "name", "Nama Rekaan",
                "shortName", "Nama Rekaan",
                "duties", "urusan",
                "roles", "LIAISON_OFFICER",
                "list", "case.archive-reason"));
        form.put("contact", things.ids().getOrDefault("contact", Ids.next().toString()));
        return person.browser().post(path, form);
    }

    /** The stream is asked as something it is not, so that it is refused by role before it begins. */
    private static Answer stream(Person person) {
        return READS.contains(person.role())
                ? person.browser().get("/desk/bantuan")
                : person.browser().get("/desk/alir", "Accept", "text/event-stream");
    }

    private static String path(String route, Things things) {
        var pattern = route.substring(route.indexOf(' ') + 1);
        var path = pattern;
        var at = 0;
        var found = VARIABLE.matcher(pattern);
        while (found.find(at)) {
            var variable = found.group();
            var id = things.ids().get(variable);
            assertThat(id)
                    .as("an id for %s of %s: say in this test what it names", variable, route)
                    .isNotNull();
            path = path.replace("/" + found.group(2), "/" + id);
            at = found.start(2);
        }
        return path;
    }

    /** What a reader sees: the ids that were asked for stand in the page's own links, and each form has its token. */
    private static String shown(Answer answer, String... ids) {
        var body = answer.body();
        for (var id : ids) {
            body = body.replace(id, "ID");
        }
        return answer.status()
                + " " + answer.headers().firstValue("Content-Type").orElse("")
                + " " + answer.headers().firstValue("Cache-Control").orElse("")
                + "\n"
                + body.replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID")
                        .replaceAll("/(sesi|libur|aturan)/[\\w.-]+", "/$1/ID")
                        .replaceAll("(name=\"_csrf\" value=\")[^\"]+", "$1");
    }
}
