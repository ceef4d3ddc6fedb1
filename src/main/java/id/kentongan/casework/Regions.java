// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.Actor;
import java.util.List;

/** Districts and villages of a tenant, for choosing a place and routing by it. */
public interface Regions {
    /** Districts in alphabetical order, each with its villages. */
    List<District> districts(Actor actor);

    void save(Actor actor, List<District> districts);

    /** @param code official code "33.02.05" (imaginary for the demonstration) */
    record District(String code, String name, double latitude, double longitude, List<Village> villages) {}

    record Village(String code, String name, double latitude, double longitude) {}
}
