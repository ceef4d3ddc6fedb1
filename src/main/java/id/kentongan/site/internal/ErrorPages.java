// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site.internal;

import id.kentongan.kernel.Refusal;
import id.kentongan.site.Htmx;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.view.json.JacksonJsonView;

/**
 * The pages of things gone wrong. Forbidden is shown as absent: nobody learns by trying what exists. A piece
 * asked for by htmx gets the same status with a notice instead of a whole page.
 */
@Controller
class ErrorPages implements ErrorController {
    private static final List<Integer> KNOWN = List.of(400, 404, 405, 409, 413, 422, 429, 500, 503);

    /**
     * @param title message key
     * @param text message key of what happened and what to do
     * @param words what the person had written, when it could not be kept, or null
     */
    record ErrorPage(
            int status,
            String title,
            String text,
            List<Object> arguments,
            @Nullable String words) {
        public Object[] array() {
            return arguments.toArray();
        }
    }

    @RequestMapping("/error")
    ModelAndView error(HttpServletRequest request) {
        var said = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        int status = said instanceof Integer code ? code : 404;
        if (status == 403 && "POST".equals(method(request)) && !machine(request)) {
            // A form whose token is gone is told so, at every address alike: nobody learns by it what exists.
            return show(
                    404, new ErrorPage(404, "site.error-form.title", "site.error-form.text", List.of(), null), request);
        }
        return view(status == 403 || status == 401 ? 404 : status, null, request);
    }

    ModelAndView view(int status, @Nullable Refusal refusal, HttpServletRequest request) {
        if (machine(request)) {
            var shown = new JacksonJsonView();
            // Whatever else an advice adds to a model is for pages.
            shown.setModelKeys(Set.of("status", "code"));
            var json = new ModelAndView(shown);
            json.addAllObjects(
                    Map.of("status", status, "code", refusal == null ? "site.error-" + status : refusal.code()));
            json.setStatus(HttpStatus.valueOf(status));
            return json;
        }
        var known = KNOWN.contains(status) ? status : status < 500 ? 400 : 500;
        var title = "site.error-" + known + ".title";
        var page = refusal == null || refusal.code().equals("site.not-found")
                ? new ErrorPage(status, title, "site.error-" + known + ".text", List.of(), words(status, request))
                : new ErrorPage(status, title, refusal.code(), refusal.arguments(), words(status, request));
        return show(status, page, request);
    }

    private static ModelAndView show(int status, ErrorPage page, HttpServletRequest request) {
        var view = new ModelAndView(Htmx.asks(request) ? "site/error :: notice" : "site/error", Map.of("page", page));
        view.setStatus(HttpStatus.valueOf(status));
        return view;
    }

    /** Where nothing could be kept, what was written is given back, so that it need not be written again. */
    private static @Nullable String words(int status, HttpServletRequest request) {
        if (status != 503 || !"POST".equals(method(request))) {
            return null;
        }
        var text = request.getParameter("text");
        return text == null || text.isBlank() ? null : text;
    }

    /** The method of the request that failed; the container asks for its error page by GET. */
    private static String method(HttpServletRequest request) {
        var failed = request.getAttribute(RequestDispatcher.ERROR_METHOD);
        return failed instanceof String name ? name : request.getMethod();
    }

    /** Whether the caller reads JSON and not pages: other servers, webhooks, the API. */
    private static boolean machine(HttpServletRequest request) {
        var accept = request.getHeader("Accept");
        return accept != null && accept.contains("json") && !accept.contains("text/html");
    }
}
