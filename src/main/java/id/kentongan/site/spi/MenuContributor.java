// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site.spi;

import id.kentongan.kernel.Actor;
import id.kentongan.site.MenuPage;
import id.kentongan.site.Numbers;
import java.util.List;
import java.util.Map;

/** How a module offers its pages to the desk's rail and the portal's menu: a bean of this type. */
public interface MenuContributor {
    /** The same list every time; what an officer sees of it is decided by each page's roles. */
    List<MenuPage> pages();

    /**
     * Numbers beside the pages of the desk, by path. Must be cheap: asked on every page of the desk, and shown by
     * {@link Numbers#counted}, so that nothing need be counted further than to one more than that shows.
     */
    default Map<String, Integer> counts(Actor actor) {
        return Map.of();
    }
}
