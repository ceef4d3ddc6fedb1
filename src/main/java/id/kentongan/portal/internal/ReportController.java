// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import id.kentongan.casework.Regions;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.Rules;
import id.kentongan.site.FormErrors;
import id.kentongan.site.spi.SiteContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.ModelAndView;

/** The form: one page, no account, no script needed. */
@Controller
class ReportController {
    private final SiteContext context;
    private final Regions regions;
    private final Rules rules;
    private final Reporting reporting;
    private final JustSent justSent;
    private final Photos photos;
    private final Visitors visitors;
    private final MessageSource messages;
    private final Clock clock;

    ReportController(
            SiteContext context,
            Regions regions,
            Rules rules,
            Reporting reporting,
            JustSent justSent,
            Photos photos,
            Visitors visitors,
            MessageSource messages,
            Clock clock) {
        this.context = context;
        this.regions = regions;
        this.rules = rules;
        this.reporting = reporting;
        this.justSent = justSent;
        this.photos = photos;
        this.visitors = visitors;
        this.messages = messages;
        this.clock = clock;
    }

    /**
     * @param verifyDays working days until it is read and passed on, or null where no rule says
     * @param finishDays working days until a complaint is settled, or null
     */
    record ReportPage(
            ReportForm form,
            FormErrors errors,
            List<Regions.District> districts,
            List<Choice> kinds,
            List<Choice> identities,
            @Nullable Integer verifyDays,
            @Nullable Integer finishDays) {}

    @GetMapping("/lapor")
    ModelAndView show(
            HttpServletRequest request, Locale locale, @RequestParam(required = false) @Nullable String kind) {
        var visit = Visit.of(request, context);
        var empty = ReportForm.empty();
        var form = new ReportForm(empty.key(), kind, null, null, null, null, null, null, null, null, null, null);
        return page(visit, form, FormErrors.none(), regions.districts(visit.actor()), locale);
    }

    /** From a report that is over: its words begin a new one. They come in the body, since an address is kept in logs. */
    @PostMapping(path = "/lapor", params = "lanjut")
    ModelAndView carryOver(HttpServletRequest request, Locale locale, @RequestParam(defaultValue = "") String text) {
        var visit = Visit.of(request, context);
        var key = ReportForm.empty().key();
        var form = new ReportForm(key, null, text, null, null, null, null, null, null, null, null, null);
        return page(visit, form, FormErrors.none(), regions.districts(visit.actor()), locale);
    }

    @PostMapping("/lapor")
    ModelAndView send(
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale,
            ReportForm form,
            @RequestParam(name = "photos", required = false) @Nullable List<MultipartFile> files) {
        var visit = Visit.of(request, context);
        var districts = regions.districts(visit.actor());
        var errors = form.check(districts);
        var pictures = photos.read("photos", files == null ? List.of() : files, errors);
        if (errors.any()) {
            var page = page(visit, form.withKey(), errors, districts, locale);
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            return page;
        }
        visitors.sends(request);
        String secret;
        try {
            secret = reporting.send(visit, form, districts, pictures, locale.getLanguage());
        } catch (RefusalException refused) {
            if (refused.refusal().kind() != Refusal.Kind.UNAVAILABLE) {
                throw refused;
            }
            // Nothing was stored, and what was written is not lost: the same form can be sent again.
            var page = page(visit, form.withKey(), errors.add("text", "portal.report.not-kept"), districts, locale);
            page.setStatus(HttpStatus.SERVICE_UNAVAILABLE);
            return page;
        }
        justSent.mark(visit, secret, request, response);
        reporting.await(visit, secret);
        return new ModelAndView("redirect:/lacak/r/" + secret + "/diterima");
    }

    private ModelAndView page(
            Visit visit, ReportForm form, FormErrors errors, List<Regions.District> districts, Locale locale) {
        return new ModelAndView("portal/report")
                .addObject(
                        "page",
                        new ReportPage(
                                form,
                                errors,
                                districts,
                                choices(
                                        "kind",
                                        ReportForm.KINDS,
                                        List.of("report", "bulb", "question", "shield", "people"),
                                        locale),
                                choices(
                                        "identity",
                                        List.of("open", "anonymous", "confidential"),
                                        List.of("person", "mask", "lock"),
                                        locale),
                                days(visit, "complaint.verify"),
                                days(visit, "complaint.finish")));
    }

    private List<Choice> choices(String field, List<String> values, List<String> icons, Locale locale) {
        var choices = new ArrayList<Choice>();
        for (int i = 0; i < values.size(); i++) {
            var key = "portal.report." + field + "." + values.get(i);
            choices.add(new Choice(
                    values.get(i),
                    messages.getMessage(key, null, locale),
                    messages.getMessage(key + ".hint", null, locale),
                    icons.get(i)));
        }
        return choices;
    }

    private @Nullable Integer days(Visit visit, String rule) {
        return rules.deadline(
                        visit.actor(),
                        rule,
                        clock.instant().atZone(visit.zone()).toLocalDate())
                .filter(r -> r.unit() == DeadlineRule.Unit.WORKING_DAYS)
                .map(DeadlineRule::amount)
                .orElse(null);
    }
}
