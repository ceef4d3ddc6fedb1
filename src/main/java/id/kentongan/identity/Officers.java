// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The officers of a tenant. */
public interface Officers {
    List<Officer> all(Actor actor);

    Optional<Officer> find(Actor actor, OfficerId id);

    /** Display names of many at once, also of officers who have left. */
    Map<OfficerId, String> names(Actor actor, Collection<OfficerId> ids);

    /** The actor an officer acts as: roles, reach over the own agency's subtree or everything, circle. */
    Actor actorOf(TenantId tenant, OfficerId officer);

    /**
     * Makes an officer with a password already set; for the demonstration and tests. People are invited by a
     * one-time link instead.
     */
    Officer add(Actor actor, NewOfficer officer, String password);

    /**
     * Changes what an officer is and may do. Administrators only; recorded in the trail. Nobody changes what they may do
     * themselves. Whoever is made inactive is signed out everywhere.
     */
    void change(Actor actor, Officer officer);

    /** The officer who signs in with that mail address, in office or not. Administrators only. */
    Optional<OfficerId> withMail(Actor actor, String mail);

    record NewOfficer(String name, String mail, AgencyId agency, Set<Role> roles, boolean circle) {}
}
