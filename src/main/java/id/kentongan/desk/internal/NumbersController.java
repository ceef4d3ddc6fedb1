// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.Cases;
import id.kentongan.casework.Performance;
import id.kentongan.casework.Ratings;
import id.kentongan.kernel.Actor;
import id.kentongan.site.Dates;
import id.kentongan.site.Numbers;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Numbers by agency: every one with its period and denominator, every chart with its table. */
@Controller
class NumbersController {
    private static final List<Integer> PERIODS = List.of(7, 28, 90);

    private final Cases cases;
    private final Ratings ratings;
    private final DeskPeople people;
    private final Dates dates;
    private final Numbers numbers;
    private final Clock clock;
    private final Say say;

    NumbersController(
            Cases cases, Ratings ratings, DeskPeople people, Dates dates, Numbers numbers, Clock clock, Say say) {
        this.cases = cases;
        this.ratings = ratings;
        this.people = people;
        this.dates = dates;
        this.numbers = numbers;
        this.clock = clock;
        this.say = say;
    }

    /**
     * @param before the same numbers of the days before, for comparison
     * @param without cases that no agency has yet, so that the table's sums agree
     * @param widest the largest week, which fills the chart
     */
    record NumbersPage(
            Performance now,
            Performance before,
            int days,
            List<Choice> periods,
            List<AgencyLine> agencies,
            @Nullable AgencyLine without,
            List<AgencyLine> attention,
            int widest,
            @Nullable Satisfaction satisfaction,
            String measuredAt,
            boolean mayOpen) {}

    /** What citizens said of the closed ones: never without how many said something. */
    record Satisfaction(RatedLine all, List<RatedLine> agencies) {}

    record RatedLine(String name, int closed, int rated, String average) {}

    record AgencyLine(
            String name,
            String href,
            int asked,
            int answered,
            int closed,
            int waiting,
            int overdue,
            String median,
            String label) {}

    @GetMapping("/desk/angka")
    String numbers(Actor actor, @RequestParam(defaultValue = "28") int hari, Model model) {
        Access.only(actor, Access.COUNTS);
        var days = PERIODS.contains(hari) ? hari : 28;
        var today = dates.today();
        var now = cases.performance(actor, today.minusDays(days - 1L), today);
        var before = cases.performance(actor, today.minusDays(2L * days - 1), today.minusDays(days));
        var known = people.of(actor);
        var mayOpen = actor.hasAny(Access.READS);
        var lines = now.agencies().stream().map(each -> line(known, each)).toList();
        model.addAttribute(
                "page",
                new NumbersPage(
                        now,
                        before,
                        days,
                        PERIODS.stream()
                                .map(each -> new Choice(String.valueOf(each), say.it("desk.numbers.last", each)))
                                .toList(),
                        lines,
                        without(now),
                        lines.stream()
                                .filter(each -> each.overdue() > 0)
                                .sorted(Comparator.comparingInt(AgencyLine::overdue)
                                        .reversed())
                                .limit(3)
                                .toList(),
                        now.weeks().stream()
                                .mapToInt(Performance.Week::asked)
                                .max()
                                .orElse(0),
                        satisfaction(actor, known, today.minusDays(days - 1L), today),
                        dates.near(clock.instant()),
                        mayOpen));
        return "desk/numbers";
    }

    private @Nullable Satisfaction satisfaction(Actor actor, People known, LocalDate from, LocalDate to) {
        var summary = ratings.summary(actor, from, to);
        if (summary.isEmpty()) {
            return null;
        }
        return new Satisfaction(
                rated(
                        say.it("desk.numbers.sum"),
                        summary.stream().mapToInt(Ratings.Summary::closed).sum(),
                        summary.stream().mapToInt(Ratings.Summary::rated).sum(),
                        summary.stream().mapToInt(Ratings.Summary::stars).sum()),
                summary.stream()
                        .map(each -> {
                            var name = known.agency(each.agency());
                            return rated(
                                    name == null
                                            ? say.it(
                                                    each.agency() == null
                                                            ? "desk.numbers.no-agency"
                                                            : "desk.numbers.unknown-agency")
                                            : name,
                                    each.closed(),
                                    each.rated(),
                                    each.stars());
                        })
                        .toList());
    }

    private RatedLine rated(String name, int closed, int rated, int stars) {
        return new RatedLine(name, closed, rated, rated == 0 ? "–" : numbers.tenths((double) stars / rated));
    }

    private AgencyLine line(People known, Performance.OfAgency each) {
        var name = known.agency(each.agency());
        var median = each.medianFirstAnswer();
        return line(
                name == null ? say.it("desk.numbers.unknown-agency") : name,
                "/desk/kasus?dinas=" + each.agency(),
                each.asked(),
                each.answered(),
                each.closed(),
                each.waiting(),
                each.overdue(),
                median == null ? "–" : dates.span(median));
    }

    private @Nullable AgencyLine without(Performance now) {
        var asked = now.asked()
                - now.agencies().stream().mapToInt(Performance.OfAgency::asked).sum();
        return asked <= 0
                ? null
                : line(
                        say.it("desk.numbers.no-agency"),
                        "/desk/kasus?keadaan=received",
                        asked,
                        now.answered()
                                - now.agencies().stream()
                                        .mapToInt(Performance.OfAgency::answered)
                                        .sum(),
                        now.closed()
                                - now.agencies().stream()
                                        .mapToInt(Performance.OfAgency::closed)
                                        .sum(),
                        now.waiting()
                                - now.agencies().stream()
                                        .mapToInt(Performance.OfAgency::waiting)
                                        .sum(),
                        now.overdue()
                                - now.agencies().stream()
                                        .mapToInt(Performance.OfAgency::overdue)
                                        .sum(),
                        "–");
    }

    private AgencyLine line(
            String name, String href, int asked, int answered, int closed, int waiting, int overdue, String median) {
        return new AgencyLine(
                name,
                href,
                asked,
                answered,
                closed,
                waiting,
                overdue,
                median,
                say.it(
                        "desk.numbers.bar",
                        name,
                        numbers.whole(answered),
                        numbers.whole(asked),
                        numbers.whole(closed),
                        numbers.whole(waiting),
                        numbers.whole(overdue)));
    }
}
