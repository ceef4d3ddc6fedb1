// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site.internal;

import id.kentongan.site.spi.MenuContributor;
import id.kentongan.site.spi.SiteContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Puts {@code site} into every page's model. */
@ControllerAdvice
class ShellAdvice {
    private final ObjectProvider<SiteContext> context;
    private final ObjectProvider<MenuContributor> menus;
    private final SiteConfiguration.Version version;

    ShellAdvice(
            ObjectProvider<SiteContext> context,
            ObjectProvider<MenuContributor> menus,
            SiteConfiguration.Version version) {
        this.context = context;
        this.menus = menus;
        this.version = version;
    }

    @ModelAttribute("site")
    Shell site(HttpServletRequest request) {
        return new Shell(request, context, menus(), version.value());
    }

    private List<MenuContributor> menus() {
        return menus.orderedStream().toList();
    }
}
