// SPDX-License-Identifier: Apache-2.0
package id.kentongan.policy;

import id.kentongan.kernel.Actor;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The dated, sourced lists of a tenant. What an entry says is never changed: it ends, and another begins. */
public interface SourcedLists {
    /** The entries of a list that hold on the day, in their order. */
    List<ListEntry> on(Actor actor, String list, LocalDate day);

    default Set<String> codes(Actor actor, String list, LocalDate day) {
        return on(actor, list, day).stream().map(ListEntry::code).collect(Collectors.toUnmodifiableSet());
    }

    /** Every entry of every list, also those that ended or have not begun. */
    List<ListEntry> all(Actor actor);

    /**
     * Adds an entry. Administrators only; recorded in the trail. Refused ({@code policy.entry-exists}) when the list has
     * the code on that day or later.
     */
    ListEntry add(Actor actor, ListEntry entry);

    /** Lets an entry hold for the last time on that day. Administrators only; recorded in the trail. */
    void end(Actor actor, UUID id, LocalDate last);
}
