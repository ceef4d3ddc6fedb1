// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who acts, for which tenant, with which roles and reach. Every call that touches data takes one, and the
 * database itself enforces it: the reach becomes the transaction's settings that the policies read.
 *
 * @param tenant the tenant acted for
 * @param kind what acts
 * @param id the officer's or citizen's (contact's) id; for the system a fixed id derived from its name
 * @param name for the trail: an officer's display name or the system's part ("channel", "casework");
 *     never a citizen's name
 * @param roles the officer's roles, empty for others
 * @param agencies the agencies whose citizens' words the actor may see, or {@link Reach#everywhere()}
 * @param circle whether the actor belongs to the confidential circle
 * @param readOnly whether every change must be refused (auditors)
 */
public record Actor(
        TenantId tenant,
        Kind kind,
        UUID id,
        String name,
        Set<Role> roles,
        Reach agencies,
        boolean circle,
        boolean readOnly) {

    public enum Kind {
        OFFICER,
        CITIZEN,
        SYSTEM
    }

    /** Which agencies' rows are within reach: all of them, or a set (perhaps empty). */
    public record Reach(boolean all, Set<AgencyId> ids) {
        public Reach {
            ids = Set.copyOf(ids);
        }

        public static Reach everywhere() {
            return new Reach(true, Set.of());
        }

        public static Reach of(Set<AgencyId> ids) {
            return new Reach(false, ids);
        }

        public boolean includes(@Nullable AgencyId agency) {
            return all || (agency != null && ids.contains(agency));
        }
    }

    public Actor {
        roles = roles.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(roles));
    }

    /** The machine acting for one tenant: intake, jobs, listeners. Sees everything of the tenant. */
    public static Actor system(TenantId tenant, String part) {
        return new Actor(
                tenant,
                Kind.SYSTEM,
                UUID.nameUUIDFromBytes(("system:" + part).getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                part,
                Set.of(),
                Reach.everywhere(),
                true,
                false);
    }

    /** A citizen acting by a secret link or a form; the calling method decides which one row that may touch. */
    public static Actor citizen(TenantId tenant, UUID contact) {
        return new Actor(tenant, Kind.CITIZEN, contact, "citizen", Set.of(), Reach.everywhere(), true, false);
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }

    public boolean hasAny(Role... wanted) {
        for (var role : wanted) {
            if (roles.contains(role)) {
                return true;
            }
        }
        return false;
    }

    /** The officer's id; fails for anyone else. */
    public OfficerId officer() {
        if (kind != Kind.OFFICER) {
            throw new IllegalStateException("Only an officer has an officer id");
        }
        return new OfficerId(id);
    }
}
