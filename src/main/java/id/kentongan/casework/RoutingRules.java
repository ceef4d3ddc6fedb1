// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.Actor;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/** The tenant's routing rules, set by administrators; every change is in the trail. */
public interface RoutingRules {
    List<RoutingRule> all(Actor actor);

    RoutingRule save(Actor actor, RoutingRule rule);

    void end(Actor actor, UUID rule, LocalDate lastDay);
}
