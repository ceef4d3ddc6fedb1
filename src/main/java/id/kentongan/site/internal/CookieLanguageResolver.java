// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site.internal;

import id.kentongan.site.Languages;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.i18n.CookieLocaleResolver;

/** Indonesian unless the cookie says another supported language. */
class CookieLanguageResolver extends CookieLocaleResolver {
    CookieLanguageResolver() {
        super("language");
        setCookieMaxAge(Duration.ofDays(365));
        setCookieHttpOnly(true);
        setCookieSameSite("Lax");
        setDefaultLocaleFunction(request -> Languages.INDONESIAN);
        setRejectInvalidCookies(false);
    }

    @Override
    public Locale resolveLocale(HttpServletRequest request) {
        return Languages.nearest(super.resolveLocale(request));
    }

    @Override
    public void setLocale(HttpServletRequest request, @Nullable HttpServletResponse response, @Nullable Locale locale) {
        super.setLocale(request, response, locale == null ? Languages.INDONESIAN : Languages.nearest(locale));
    }
}
