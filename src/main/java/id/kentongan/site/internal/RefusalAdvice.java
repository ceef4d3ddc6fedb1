// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site.internal;

import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.spi.MenuContributor;
import id.kentongan.site.spi.SiteContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.servlet.ModelAndView;

/** Turns a refusal into a page (or a line of JSON for machines) with its true status. Nobody sees an exception's text. */
@ControllerAdvice
class RefusalAdvice {
    private final ErrorPages pages;
    private final ObjectProvider<SiteContext> context;
    private final ObjectProvider<MenuContributor> menus;
    private final SiteConfiguration.Version version;

    RefusalAdvice(
            ErrorPages pages,
            ObjectProvider<SiteContext> context,
            ObjectProvider<MenuContributor> menus,
            SiteConfiguration.Version version) {
        this.pages = pages;
        this.context = context;
        this.menus = menus;
        this.version = version;
    }

    @ExceptionHandler(RefusalException.class)
    ModelAndView refused(RefusalException exception, HttpServletRequest request, HttpServletResponse response) {
        var refusal = exception.refusal();
        if (refusal.kind() == Refusal.Kind.UNAVAILABLE) {
            response.setHeader("Retry-After", DatabaseAwayFilter.COME_BACK_SECONDS);
            // The page must not ask the very database that is away.
            Requests.knowNoPlace(request);
        }
        return page(status(refusal.kind()), refusal, request);
    }

    /** An address with something else where an id belongs names nothing. */
    @ExceptionHandler(MethodArgumentTypeMismatchException.class)
    ModelAndView namesNothing(HttpServletRequest request) {
        return page(404, Refusal.notFound(), request);
    }

    @ExceptionHandler(MaxUploadSizeExceededException.class)
    ModelAndView tooLarge(HttpServletRequest request) {
        return page(413, Refusal.limited("site.too-large"), request);
    }

    private ModelAndView page(int status, Refusal refusal, HttpServletRequest request) {
        var view = pages.view(status, refusal, request);
        // Model attributes of the failed handler are gone here, so the shell is made anew.
        view.addObject("site", new Shell(request, context, menus.orderedStream().toList(), version.value()));
        return view;
    }

    private static int status(Refusal.Kind kind) {
        return switch (kind) {
            case NOT_FOUND -> 404;
            case INVALID -> 422;
            case CONFLICT -> 409;
            case LIMITED -> 429;
            case UNAVAILABLE -> 503;
        };
    }
}
