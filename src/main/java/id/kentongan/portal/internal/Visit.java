// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.TenantId;
import id.kentongan.site.spi.SiteContext;
import jakarta.servlet.http.HttpServletRequest;
import java.time.ZoneId;

/** One citizen's request: whose portal it came to, and on whose behalf the modules below are asked. */
record Visit(TenantId tenant, String government, ZoneId zone, Actor actor) {
    static Visit of(HttpServletRequest request, SiteContext context) {
        return context.place(request)
                .map(place ->
                        new Visit(place.tenant(), place.name(), place.zone(), Actor.system(place.tenant(), "portal")))
                .orElseThrow(() -> Refusal.notFound().asException());
    }
}
