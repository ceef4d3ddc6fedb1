// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site.spi;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.time.ZoneId;
import java.util.Optional;

/** Says whose page is being drawn and for whom. Implemented by identity, which stands above the shell. */
public interface SiteContext {
    /** The government a request's host name belongs to. Asked at most once per request. */
    Optional<Place> place(HttpServletRequest request);

    /** The officer signed in to this request, if any. */
    Optional<Person> person(HttpServletRequest request);

    /**
     * @param name "Kabupaten Sukamaju"
     * @param shortName "Kab. Sukamaju", for the narrow bar of the desk
     * @param demonstration whether it is imaginary, which every page then says
     */
    record Place(TenantId tenant, String name, String shortName, ZoneId zone, boolean demonstration) {}

    record Person(Actor actor, String name) {}
}
