// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import id.kentongan.casework.Ratings;
import id.kentongan.casework.Ratings.Rateable;
import id.kentongan.identity.Agencies;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.Dates;
import id.kentongan.site.FormErrors;
import id.kentongan.site.spi.SiteContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/**
 * How somebody was served: by the link that was sent when their case was closed, which opens nothing else, or by the
 * reporter's own.
 */
@Controller
class RatingController {
    private final SiteContext context;
    private final Ratings ratings;
    private final Agencies agencies;
    private final Visitors visitors;
    private final MessageSource messages;
    private final Dates dates;

    RatingController(
            SiteContext context,
            Ratings ratings,
            Agencies agencies,
            Visitors visitors,
            MessageSource messages,
            Dates dates) {
        this.context = context;
        this.ratings = ratings;
        this.agencies = agencies;
        this.visitors = visitors;
        this.messages = messages;
        this.dates = dates;
    }

    /** @param thanked whether a rating was just stored */
    record RatingPage(Tracked tracked, Rated rated, FormErrors errors, boolean thanked) {}

    /**
     * @param action where it is sent
     * @param stars what is chosen, or null
     * @param given what was said and when, in a sentence, or null
     * @param state what can be done about it now, and until when
     */
    record Rated(
            String action,
            @Nullable String stars,
            String word,
            boolean open,
            @Nullable String given,
            String state,
            List<Choice> choices) {}

    /** Whether it is closed, so that there is something to rate. */
    static boolean rateable(Rateable found) {
        return found.until() != null;
    }

    static Rated rated(Rateable found, String action, MessageSource messages, Dates dates, Locale locale) {
        var given = found.given();
        var until = found.until();
        var word = given == null ? null : given.word();
        // Without a rule nothing ends.
        var ends = until == null || until.equals(Instant.MAX) ? null : dates.day(until.minusMillis(1));
        String state;
        if (found.open()) {
            state = ends == null
                    ? messages.getMessage("portal.rating.any-time", null, locale)
                    : messages.getMessage(
                            given == null ? "portal.rating.until" : "portal.rating.change-until",
                            new Object[] {ends},
                            locale);
        } else {
            state = messages.getMessage(given == null ? "portal.rating.over" : "portal.rating.final", null, locale);
        }
        return new Rated(
                action,
                given == null ? null : String.valueOf(given.stars()),
                word == null ? "" : word,
                found.open(),
                given == null
                        ? null
                        : messages.getMessage(
                                "portal.rating.given",
                                new Object[] {
                                    given.stars(),
                                    Ratings.MOST_STARS,
                                    dates.near(Optional.ofNullable(given.changedAt())
                                            .orElse(given.givenAt()))
                                },
                                locale),
                state,
                IntStream.rangeClosed(1, Ratings.MOST_STARS)
                        .mapToObj(each -> new Choice(
                                String.valueOf(each),
                                messages.getMessage("portal.rating.stars." + each, null, locale),
                                null,
                                null))
                        .toList());
    }

    @GetMapping("/nilai/{secret}")
    ModelAndView show(
            @PathVariable String secret,
            @RequestParam(required = false) @Nullable String terima,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        var visit = Visit.of(request, context);
        TrackingController.hide(response);
        return page(
                visit,
                find(visit, secret, request),
                "/nilai/" + secret,
                null,
                "",
                FormErrors.none(),
                terima != null,
                locale);
    }

    @PostMapping("/nilai/{secret}")
    ModelAndView rate(
            @PathVariable String secret,
            @RequestParam(defaultValue = "") String stars,
            @RequestParam(defaultValue = "") String word,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        return take(secret, "/nilai/" + secret, "?terima", stars, word, request, response, locale);
    }

    @PostMapping("/lacak/r/{secret}/nilai")
    ModelAndView rateAsReporter(
            @PathVariable String secret,
            @RequestParam(defaultValue = "") String stars,
            @RequestParam(defaultValue = "") String word,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        return take(secret, "/lacak/r/" + secret, "?dinilai", stars, word, request, response, locale);
    }

    private ModelAndView take(
            String secret,
            String path,
            String done,
            String stars,
            String word,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        var visit = Visit.of(request, context);
        TrackingController.hide(response);
        var found = find(visit, secret, request);
        var action = path.startsWith("/lacak") ? path + "/nilai" : path;
        var words = word.replace("\r\n", "\n").strip();
        var chosen = stars.matches("[1-5]") ? stars : null;
        try {
            visitors.sends(request);
            ratings.rate(visit.tenant(), secret, chosen == null ? 0 : Integer.parseInt(chosen), words);
            return new ModelAndView("redirect:" + path + done);
        } catch (RefusalException refused) {
            var refusal = refused.refusal();
            switch (refusal.kind()) {
                case NOT_FOUND, UNAVAILABLE, LIMITED -> throw refused;
                case INVALID, CONFLICT -> {
                    var field = refusal.code().equals("casework.reason-too-long") ? "word" : "stars";
                    var page = page(
                            visit,
                            found,
                            action,
                            chosen,
                            words,
                            FormErrors.none()
                                    .add(
                                            field,
                                            refusal.code(),
                                            refusal.arguments().toArray()),
                            false,
                            locale);
                    page.setStatus(
                            refusal.kind() == Refusal.Kind.CONFLICT
                                    ? HttpStatus.CONFLICT
                                    : HttpStatus.UNPROCESSABLE_CONTENT);
                    return page;
                }
            }
        }
        throw new IllegalStateException("Every refusal is thrown or shown");
    }

    private Rateable find(Visit visit, String secret, HttpServletRequest request) {
        visitors.looksUp(request);
        var found = SecretLink.isSecret(secret) ? ratings.bySecret(visit.tenant(), secret) : Optional.<Rateable>empty();
        if (found.isEmpty()) {
            visitors.missed(request);
            throw Refusal.notFound().asException();
        }
        return found.get();
    }

    private ModelAndView page(
            Visit visit,
            Rateable found,
            String action,
            @Nullable String stars,
            String word,
            FormErrors errors,
            boolean thanked,
            Locale locale) {
        var rated = rated(found, action, messages, dates, locale);
        if (errors.any()) {
            rated = new Rated(action, stars, word, rated.open(), rated.given(), rated.state(), rated.choices());
        }
        return new ModelAndView("portal/rating")
                .addObject(
                        "page",
                        new RatingPage(
                                Tracked.of(found.shown(), agencies.all(visit.actor()), messages, dates, locale),
                                rated,
                                errors,
                                thanked));
    }
}
