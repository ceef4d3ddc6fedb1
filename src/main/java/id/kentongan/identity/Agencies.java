// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import java.util.List;
import java.util.Optional;

/** The tree of agencies of a tenant. */
public interface Agencies {
    /** Active agencies in the order of the tree; names of agencies are public. */
    List<Agency> all(Actor actor);

    Optional<Agency> find(Actor actor, AgencyId id);

    Agency save(Actor actor, Agency agency);

    /** The agency and everything below it. */
    List<Agency> subtree(Actor actor, AgencyId id);
}
