// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site;

import id.kentongan.kernel.Role;
import java.util.List;
import java.util.Set;

/**
 * A page that stands in a menu.
 *
 * @param face whose menu
 * @param group message key of the group it stands under; empty in the portal, which has none
 * @param label message key of its name
 * @param icon id of a symbol in {@code icons.svg}
 * @param path where it leads, with its query if it has one
 * @param order within all pages of the face, ascending
 * @param roles officers with one of these see it; empty means everyone
 * @param covers the pages that belong to it, which are those at and below these addresses
 */
public record MenuPage(
        Face face,
        String group,
        String label,
        String icon,
        String path,
        int order,
        Set<Role> roles,
        List<String> covers) {
    public enum Face {
        PORTAL,
        DESK
    }

    public MenuPage {
        roles = Set.copyOf(roles);
        covers = List.copyOf(covers);
    }

    public static MenuPage desk(String group, String label, String icon, String path, int order, Role... roles) {
        return new MenuPage(Face.DESK, group, label, icon, path, order, Set.of(roles), List.of(bare(path)));
    }

    public static MenuPage portal(String label, String icon, String path, int order) {
        return new MenuPage(Face.PORTAL, "", label, icon, path, order, Set.of(), List.of(path));
    }

    /** The same page, to which these addresses belong, in place of all that is below its own. */
    public MenuPage covering(String... addresses) {
        return new MenuPage(face, group, label, icon, path, order, roles, List.of(addresses));
    }

    private static String bare(String path) {
        var query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }
}
