// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site;

import jakarta.servlet.http.HttpServletRequest;

/** Requests made by htmx for a piece of a page that also exists whole. */
public final class Htmx {
    /** Response header that makes the browser load the whole page anew, for a lost session. */
    public static final String REFRESH = "HX-Refresh";
    /** Response header that leads the whole page elsewhere. */
    public static final String REDIRECT = "HX-Redirect";

    private Htmx() {}

    public static boolean asks(HttpServletRequest request) {
        return "true".equals(request.getHeader("HX-Request"));
    }
}
