// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import id.kentongan.casework.CaseState;
import id.kentongan.casework.Cases;
import id.kentongan.casework.Ratings;
import id.kentongan.identity.Agencies;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Refusal;
import id.kentongan.site.Dates;
import id.kentongan.site.FormErrors;
import id.kentongan.site.spi.SiteContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.util.UriComponentsBuilder;

/** Tracking: by the public number only what is public; by the secret link as the reporter. */
@Controller
class TrackingController {
    /** What a browser may draw by itself. */
    private static final Set<String> PICTURES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    private final SiteContext context;
    private final Cases cases;
    private final Ratings ratings;
    private final Agencies agencies;
    private final Reporting reporting;
    private final JustSent justSent;
    private final Photos photos;
    private final Visitors visitors;
    private final MessageSource messages;
    private final Dates dates;

    TrackingController(
            SiteContext context,
            Cases cases,
            Ratings ratings,
            Agencies agencies,
            Reporting reporting,
            JustSent justSent,
            Photos photos,
            Visitors visitors,
            MessageSource messages,
            Dates dates) {
        this.context = context;
        this.cases = cases;
        this.ratings = ratings;
        this.agencies = agencies;
        this.reporting = reporting;
        this.justSent = justSent;
        this.photos = photos;
        this.visitors = visitors;
        this.messages = messages;
        this.dates = dates;
    }

    record AskPage(String number, FormErrors errors) {}

    record PublicPage(Tracked tracked) {}

    /** @param author who said it: we, the reporter, or by their handle whoever joined in public */
    record Said(
            boolean ours,
            String author,
            boolean automatic,
            @Nullable String text,
            Instant at,
            @Nullable Instant corrected,
            @Nullable Instant withdrawn,
            List<Picture> pictures,
            int files) {}

    /** @param description what it shows, in words */
    record Picture(String href, String description) {}

    /** @param over closed for longer than it may be reopened: what is written now is a new report */
    record ReporterPage(
            Tracked tracked,
            String title,
            List<Said> said,
            String secret,
            boolean mayReopen,
            boolean over,
            String key,
            String added,
            FormErrors errors,
            boolean thanked,
            RatingController.@Nullable Rated rated,
            boolean ratedNow) {}

    /** @param number the public number, or null while the case is still being opened */
    record ReceiptPage(@Nullable Tracked tracked, String link, String path) {}

    @GetMapping("/lacak")
    ModelAndView ask(@RequestParam(required = false) @Nullable String nomor, HttpServletRequest request) {
        Visit.of(request, context);
        if (nomor == null || nomor.isBlank()) {
            return asking("", FormErrors.none());
        }
        var number = PublicNumber.tidy(nomor);
        if (number.isEmpty()) {
            var page = asking(nomor, FormErrors.none().add("nomor", "portal.track.number-odd"));
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            return page;
        }
        return new ModelAndView("redirect:/lacak/" + number.get());
    }

    @GetMapping("/lacak/{number}")
    ModelAndView byNumber(@PathVariable String number, HttpServletRequest request, Locale locale) {
        var visit = Visit.of(request, context);
        visitors.looksUp(request);
        var found = PublicNumber.tidy(number).flatMap(n -> cases.byPublicNumber(visit.actor(), n));
        if (found.isEmpty()) {
            visitors.missed(request);
            var page = asking(number, FormErrors.none().add("nomor", "portal.track.number-unknown"));
            page.setStatus(HttpStatus.NOT_FOUND);
            return page;
        }
        var tracked = Tracked.of(found.get(), agencies.all(visit.actor()), messages, dates, locale);
        return new ModelAndView("portal/tracking").addObject("page", new PublicPage(tracked));
    }

    @GetMapping("/lacak/r/{secret}")
    ModelAndView bySecret(
            @PathVariable String secret,
            @RequestParam(required = false) @Nullable String terkirim,
            @RequestParam(required = false) @Nullable String dinilai,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        var visit = Visit.of(request, context);
        hide(response);
        return find(visit, secret, request)
                .map(found -> reporter(
                        visit, found, secret, "", FormErrors.none(), terkirim != null, dinilai != null, locale))
                .orElseGet(this::unknownLink);
    }

    /** Shown once after sending: the number, and the link to keep. */
    @GetMapping("/lacak/r/{secret}/diterima")
    ModelAndView receipt(
            @PathVariable String secret, HttpServletRequest request, HttpServletResponse response, Locale locale) {
        var visit = Visit.of(request, context);
        hide(response);
        var sentIt = SecretLink.isSecret(secret) && justSent.by(visit, secret, request);
        if (!sentIt && find(visit, secret, request).isEmpty()) {
            return unknownLink();
        }
        var found = reporting.await(visit, secret);
        if (found.isEmpty()) {
            // Stored for certain, since only a stored report gives the mark; the case may take longer on a busy day.
            // Who
            // waits for it guesses nothing, and asks every five seconds.
            response.setHeader("Refresh", "5");
        }
        var path = "/lacak/r/" + secret;
        var link = UriComponentsBuilder.fromUriString(request.getRequestURL().toString())
                .replacePath(path)
                .replaceQuery(null)
                .build()
                .toUriString();
        var tracked = found.map(c -> Tracked.of(c.shown(), agencies.all(visit.actor()), messages, dates, locale))
                .orElse(null);
        return new ModelAndView("portal/receipt").addObject("page", new ReceiptPage(tracked, link, path));
    }

    @PostMapping("/lacak/r/{secret}")
    ModelAndView add(
            @PathVariable String secret,
            @RequestParam(required = false) @Nullable String text,
            @RequestParam(required = false) @Nullable String key,
            @RequestParam(name = "photos", required = false) @Nullable List<MultipartFile> files,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        var visit = Visit.of(request, context);
        hide(response);
        var found = find(visit, secret, request);
        if (found.isEmpty()) {
            return unknownLink();
        }
        var words = text == null ? "" : text.replace("\r\n", "\n").strip();
        var errors = FormErrors.none();
        if (words.isEmpty()) {
            errors.add("text", "portal.track.text-missing");
        } else if (words.length() > ReportForm.LONGEST) {
            errors.add("text", "portal.report.text-too-long", ReportForm.LONGEST);
        }
        var pictures = photos.read("photos", files == null ? List.of() : files, errors);
        if (!errors.any() && over(found.get())) {
            // The page was drawn while it could still be added to. The words are kept, in the form of a new report.
            errors.add("text", "portal.track.over-text");
        }
        if (errors.any()) {
            var page = reporter(visit, found.get(), secret, words, errors, false, false, locale);
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            return page;
        }
        visitors.sends(request);
        var once = key != null && SecretLink.isKey(key) ? key : SecretLink.newKey();
        cases.add(visit.tenant(), secret, words, pictures, SecretLink.remoteKeyOf(once));
        return new ModelAndView("redirect:/lacak/r/" + secret + "?terkirim");
    }

    private static boolean over(Cases.ReporterCase found) {
        return found.shown().state() == CaseState.CLOSED && !found.mayReopen();
    }

    private Optional<Cases.ReporterCase> find(Visit visit, String secret, HttpServletRequest request) {
        visitors.looksUp(request);
        var found = SecretLink.isSecret(secret)
                ? cases.bySecret(visit.tenant(), secret)
                : Optional.<Cases.ReporterCase>empty();
        if (found.isEmpty()) {
            visitors.missed(request);
        }
        return found;
    }

    private ModelAndView reporter(
            Visit visit,
            Cases.ReporterCase found,
            String secret,
            String added,
            FormErrors errors,
            boolean thanked,
            boolean ratedNow,
            Locale locale) {
        var said = found.messages().stream()
                .filter(m -> m.direction() != MessageView.Direction.NOTE)
                .sorted(Comparator.comparing(MessageView::at))
                .map(m -> said(m, found.theirs().contains(m.id()), secret, locale))
                .toList();
        var tracked = Tracked.of(found.shown(), agencies.all(visit.actor()), messages, dates, locale);
        return new ModelAndView("portal/reporter")
                .addObject(
                        "page",
                        new ReporterPage(
                                tracked,
                                // A heading has no full stop.
                                found.title().replaceFirst("(?<![.])[.]$", ""),
                                said,
                                secret,
                                found.mayReopen(),
                                over(found),
                                SecretLink.newKey(),
                                added,
                                errors,
                                thanked,
                                ratings.bySecret(visit.tenant(), secret)
                                        .filter(RatingController::rateable)
                                        .map(each -> RatingController.rated(
                                                each, "/lacak/r/" + secret + "/nilai", messages, dates, locale))
                                        .orElse(null),
                                ratedNow));
    }

    private Said said(MessageView message, boolean theirs, String secret, Locale locale) {
        var ours = message.direction() == MessageView.Direction.OUT;
        var author = ours
                ? messages.getMessage("portal.track.ours", null, locale)
                : theirs
                        ? messages.getMessage("portal.track.yours", null, locale)
                        : message.authorName().isBlank()
                                ? messages.getMessage("portal.track.others", null, locale)
                                : message.authorName();
        var files = message.withdrawn() ? List.<MessageView.File>of() : message.files();
        var pictures = files.stream()
                .filter(file -> PICTURES.contains(file.mediaType()))
                .map(file -> new Picture(
                        "/lacak/r/" + secret + "/berkas/" + message.id() + "/" + file.index(),
                        file.description() == null || file.description().isBlank()
                                ? messages.getMessage(
                                        ours
                                                ? "portal.track.picture-ours"
                                                : theirs ? "portal.track.picture-yours" : "portal.track.picture-of",
                                        new Object[] {author},
                                        locale)
                                : file.description()))
                .toList();
        return new Said(
                ours,
                author,
                message.automatic(),
                message.withdrawn() ? null : message.text(),
                message.at(),
                ours && !message.withdrawn() ? message.editedAt() : null,
                message.withdrawn() ? message.deletedAt() : null,
                pictures,
                files.size() - pictures.size());
    }

    /** A picture of the conversation, for whoever holds the reporter's link. */
    @GetMapping("/lacak/r/{secret}/berkas/{message}/{index}")
    ResponseEntity<byte[]> file(
            @PathVariable String secret,
            @PathVariable String message,
            @PathVariable int index,
            HttpServletRequest request,
            HttpServletResponse response) {
        var visit = Visit.of(request, context);
        hide(response);
        visitors.looksUp(request);
        var found = SecretLink.isSecret(secret)
                ? id(message).flatMap(known -> cases.file(visit.tenant(), secret, known, index))
                : Optional.<Conversations.FileContent>empty();
        if (found.isEmpty()) {
            visitors.missed(request);
            throw Refusal.notFound().asException();
        }
        var content = found.get();
        var picture = PICTURES.contains(content.mediaType());
        return ResponseEntity.ok()
                .contentType(
                        picture ? MediaType.parseMediaType(content.mediaType()) : MediaType.APPLICATION_OCTET_STREAM)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        (picture ? ContentDisposition.inline() : ContentDisposition.attachment())
                                .filename("berkas-" + index)
                                .build()
                                .toString())
                .body(content.bytes());
    }

    private static Optional<MessageId> id(String text) {
        try {
            return Optional.of(MessageId.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private ModelAndView unknownLink() {
        var page = asking("", FormErrors.none().add("nomor", "portal.track.link-unknown"));
        page.setStatus(HttpStatus.NOT_FOUND);
        return page;
    }

    private static ModelAndView asking(String number, FormErrors errors) {
        return new ModelAndView("portal/track").addObject("page", new AskPage(number, errors));
    }

    /** The address is the key: nothing may keep it, index it or pass it on. */
    static void hide(HttpServletResponse response) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("X-Robots-Tag", "noindex, nofollow");
    }
}
