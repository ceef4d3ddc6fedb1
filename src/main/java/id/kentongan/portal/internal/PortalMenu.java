// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import id.kentongan.site.MenuPage;
import id.kentongan.site.spi.MenuContributor;
import java.util.List;
import org.springframework.stereotype.Component;

@Component
class PortalMenu implements MenuContributor {
    @Override
    public List<MenuPage> pages() {
        return List.of(
                MenuPage.portal("portal.menu.report", "report", "/lapor", 10),
                MenuPage.portal("portal.menu.track", "clock", "/lacak", 20),
                MenuPage.portal("portal.menu.agencies", "building", "/perangkat-daerah", 30),
                MenuPage.portal("portal.menu.rules", "seal", "/aturan", 40));
    }
}
