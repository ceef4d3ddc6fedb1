// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;

/** Who may read the words of cases, who may work on them, and who decides about them as a whole. */
final class CaseAccess {
    private CaseAccess() {}

    static boolean readsWords(Actor actor) {
        return actor.kind() != Actor.Kind.OFFICER
                || actor.hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER, Role.AUDITOR);
    }

    static void worksHere(Actor actor) {
        if (actor.kind() == Actor.Kind.OFFICER
                && !actor.hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER)) {
            throw Refusal.notFound().asException();
        }
    }

    /** Whether the case is the actor's to answer for, and not only theirs to help with. */
    static boolean leadsIt(Actor actor, CaseBook.Row row) {
        return actor.agencies().includes(row.agency());
    }

    static void leads(Actor actor, CaseBook.Row row) {
        if (!leadsIt(actor, row)) {
            throw Refusal.invalid("casework.lead-only").asException();
        }
    }

    static boolean mayCoordinate(Actor actor) {
        return actor.kind() != Actor.Kind.OFFICER || actor.hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR);
    }

    /** What decides about a case as a whole is not the liaison officer's: they answer, or give it back. */
    static void coordinates(Actor actor) {
        if (!mayCoordinate(actor)) {
            throw Refusal.notFound().asException();
        }
    }
}
