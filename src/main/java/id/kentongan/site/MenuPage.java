// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site;

import id.kentongan.kernel.Role;
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
 */
public record MenuPage(Face face, String group, String label, String icon, String path, int order, Set<Role> roles) {
    public enum Face {
        PORTAL,
        DESK
    }

    public MenuPage {
        roles = Set.copyOf(roles);
    }

    public static MenuPage desk(String group, String label, String icon, String path, int order, Role... roles) {
        return new MenuPage(Face.DESK, group, label, icon, path, order, Set.of(roles));
    }

    public static MenuPage portal(String label, String icon, String path, int order) {
        return new MenuPage(Face.PORTAL, "", label, icon, path, order, Set.of());
    }
}
