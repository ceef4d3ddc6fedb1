// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.Cases;
import id.kentongan.casework.Performance;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.kernel.TenantId;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.Rules;
import id.kentongan.site.spi.SiteContext;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Home, the agencies, and where the rules come from. */
@Controller
class HomeController {
    private static final int DAYS = 28;
    private static final int AGENCIES = 8;
    /** The deadlines of a citizen's report in the order in which they come. */
    private static final List<String> LISTED = Arrays.stream(CaseKind.values())
            .flatMap(kind -> Stream.of("verify", "first-follow-up", "finish").map(step -> kind.code() + "." + step))
            .toList();

    private final SiteContext context;
    private final Cases cases;
    private final Agencies agencies;
    private final Rules rules;
    private final Clock clock;
    private final Cache<TenantId, Measured> measured = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofMinutes(5))
            .maximumSize(1000)
            .build();

    HomeController(SiteContext context, Cases cases, Agencies agencies, Rules rules, Clock clock) {
        this.context = context;
        this.cases = cases;
        this.agencies = agencies;
        this.rules = rules;
        this.clock = clock;
    }

    record Measured(Performance performance, Instant at) {}

    /** @param median time to the first answer in the period, half were faster; null when none was answered */
    record ListedAgency(
            String name,
            String duties,
            String icon,
            @Nullable Duration median,
            int asked) {}

    /** @param widest the largest week, which fills the chart */
    record HomePage(
            Performance performance, Instant measuredAt, int widest, List<ListedAgency> agencies, int allAgencies) {}

    record AgenciesPage(String words, List<ListedAgency> agencies) {}

    /** @param kind message key of what the rule is for @param step message key of the step it limits */
    record ListedRule(String kind, String step, DeadlineRule rule) {}

    record RulesPage(List<ListedRule> rules) {}

    @GetMapping("/")
    ModelAndView home(HttpServletRequest request) {
        var visit = Visit.of(request, context);
        var now = measure(visit);
        var listed = list(visit, now.performance());
        var widest = now.performance().weeks().stream()
                .mapToInt(Performance.Week::asked)
                .max()
                .orElse(0);
        return new ModelAndView("portal/home")
                .addObject(
                        "page",
                        new HomePage(
                                now.performance(),
                                now.at(),
                                Math.max(1, widest),
                                listed.stream()
                                        .sorted(Comparator.comparingInt(ListedAgency::asked)
                                                .reversed())
                                        .limit(AGENCIES)
                                        .toList(),
                                listed.size()));
    }

    /** The numbers of the home page for whoever wants to count themselves. */
    @GetMapping("/kinerja.csv")
    ResponseEntity<byte[]> performance(HttpServletRequest request) {
        var performance = measure(Visit.of(request, context)).performance();
        var lines = new StringBuilder("minggu_mulai,masuk,terjawab,ditutup_tanpa_jawaban,menunggu,terlambat\r\n");
        for (var week : performance.weeks()) {
            lines.append(week.start())
                    .append(',')
                    .append(week.asked())
                    .append(',')
                    .append(week.answered())
                    .append(',')
                    .append(week.closed());
            lines.append(',')
                    .append(week.waiting())
                    .append(',')
                    .append(week.overdue())
                    .append("\r\n");
        }
        return ResponseEntity.ok()
                .contentType(new MediaType("text", "csv", StandardCharsets.UTF_8))
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"kinerja.csv\"")
                .cacheControl(CacheControl.maxAge(Duration.ofMinutes(5)))
                .body(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Which agency is for what: searched in its name and in the plain words of its duties. */
    @GetMapping("/perangkat-daerah")
    ModelAndView agencies(HttpServletRequest request, @RequestParam(defaultValue = "") String q) {
        var visit = Visit.of(request, context);
        var words =
                Arrays.stream(plain(q).split("\\s+")).filter(w -> !w.isBlank()).toList();
        var found = list(visit, measure(visit).performance()).stream()
                .filter(a -> words.isEmpty()
                        || words.stream()
                                .anyMatch(
                                        w -> plain(a.name() + " " + a.duties()).contains(w)))
                .toList();
        return new ModelAndView("portal/agencies").addObject("page", new AgenciesPage(q, found));
    }

    /** Every deadline with its source and its date: nothing here is our own invention. */
    @GetMapping("/aturan")
    ModelAndView rules(HttpServletRequest request) {
        var visit = Visit.of(request, context);
        var today = clock.instant().atZone(visit.zone()).toLocalDate();
        var listed = rules.deadlines(visit.actor()).stream()
                .filter(r -> !r.effectiveFrom().isAfter(today)
                        && (r.effectiveTo() == null || !r.effectiveTo().isBefore(today)))
                .filter(r -> LISTED.contains(r.key()))
                .sorted(Comparator.comparingInt(r -> LISTED.indexOf(r.key())))
                .map(r -> {
                    var dot = r.key().indexOf('.');
                    return new ListedRule(
                            "portal.kind." + r.key().substring(0, dot),
                            "portal.rules.step." + r.key().substring(dot + 1),
                            r);
                })
                .toList();
        return new ModelAndView("portal/rules").addObject("page", new RulesPage(listed));
    }

    @GetMapping("/cara-menghitung")
    ModelAndView counting(HttpServletRequest request) {
        Visit.of(request, context);
        return new ModelAndView("portal/counting");
    }

    @GetMapping("/privasi")
    ModelAndView privacy(HttpServletRequest request) {
        Visit.of(request, context);
        return new ModelAndView("portal/privacy");
    }

    @GetMapping("/aksesibilitas")
    ModelAndView accessibility(HttpServletRequest request) {
        Visit.of(request, context);
        return new ModelAndView("portal/accessibility");
    }

    private Measured measure(Visit visit) {
        return measured.get(visit.tenant(), tenant -> {
            var now = clock.instant();
            var yesterday = now.atZone(visit.zone()).toLocalDate().minusDays(1);
            return new Measured(cases.performance(visit.actor(), yesterday.minusDays(DAYS - 1), yesterday), now);
        });
    }

    private List<ListedAgency> list(Visit visit, Performance performance) {
        return agencies.all(visit.actor()).stream()
                .filter(Agency::active)
                .map(agency -> {
                    var of = performance.agencies().stream()
                            .filter(a -> a.agency().equals(agency.id()))
                            .findFirst();
                    return new ListedAgency(
                            agency.shortName(),
                            agency.duties(),
                            icon(agency),
                            of.map(Performance.OfAgency::medianFirstAnswer).orElse(null),
                            of.map(Performance.OfAgency::asked).orElse(0));
                })
                .toList();
    }

    /** A picture that helps to find the right one among many; any other agency has the building. */
    private static String icon(Agency agency) {
        var words = plain(agency.name() + " " + agency.duties());
        for (var known : ICONS) {
            if (words.contains(known[0])) {
                return known[1];
            }
        }
        return "building";
    }

    private static final String[][] ICONS = {
        {"penduduk", "person"},
        {"bencana", "siren"},
        {"perhubungan", "route"},
        {"jalan", "route"},
        {"komunikasi", "megaphone"},
        {"sosial", "people"},
        {"kecamatan", "pin"},
        {"lingkungan", "globe"},
        {"statistik", "chart"},
        {"inspektorat", "shield"},
    };

    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT);
    }
}
