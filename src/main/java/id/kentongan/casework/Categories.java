// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What cases are about, in the tenant's own words. A case and a routing rule name one; no rule says it must be of these. */
public interface Categories {
    int LONGEST_NAME = 200;
    int LONGEST_NOTE = 500;

    /** In alphabetical order. */
    List<Category> all(Actor actor);

    /**
     * Adds a category or changes the one of that name. Administrators only; recorded in the trail. Refused
     * ({@code casework.category-name}) without a name of at most {@link #LONGEST_NAME} characters, and
     * ({@code casework.no-such-agency}) for an agency that is closed or not there.
     */
    void save(Actor actor, Category category);

    /**
     * @param agency who usually answers for it, or null
     * @param note what belongs to it, for officers; may be empty
     */
    record Category(String name, @Nullable AgencyId agency, String note) {}
}
