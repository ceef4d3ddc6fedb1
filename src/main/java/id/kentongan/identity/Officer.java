// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity;

import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Role;
import java.util.Set;

/**
 * An officer as colleagues see them.
 *
 * @param name display name, "Rina Setya"
 * @param agency the agency they sit in
 * @param roles what they may do
 * @param circle member of the confidential circle
 */
public record Officer(OfficerId id, String name, AgencyId agency, Set<Role> roles, boolean circle, boolean active) {
    public Officer {
        roles = Set.copyOf(roles);
    }

    /** Two letters for the round badge. */
    public String initials() {
        var words = name.strip().split("\\s+");
        var first = words[0].isEmpty() ? "?" : words[0].substring(0, 1);
        return (words.length > 1 ? first + words[words.length - 1].charAt(0) : first)
                .toUpperCase(java.util.Locale.ROOT);
    }
}
