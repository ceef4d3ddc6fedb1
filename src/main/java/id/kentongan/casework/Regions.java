// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.Actor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Districts and villages of a tenant, for choosing a place and routing by it. */
public interface Regions {
    /** Districts in alphabetical order, each with its villages. */
    List<District> districts(Actor actor);

    /**
     * Adds districts and villages and changes those that differ; what is not among them stays. Administrators only;
     * recorded in the trail when something changed.
     *
     * @return how many districts and villages were added or changed
     */
    int save(Actor actor, List<District> districts);

    /**
     * @param code official code "33.02.05" (imaginary for the demonstration)
     * @param latitude of its middle, or null when nobody has told; so is the longitude then
     */
    record District(
            String code,
            String name,
            @Nullable Double latitude,
            @Nullable Double longitude,
            List<Village> villages) {}

    /** @param latitude of its middle, or null when nobody has told; so is the longitude then */
    record Village(
            String code,
            String name,
            @Nullable Double latitude,
            @Nullable Double longitude) {}
}
