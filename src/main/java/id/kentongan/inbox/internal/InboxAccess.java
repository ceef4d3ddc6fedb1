// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who may read the words of the inbox and who may work there, beyond what the policies of the tables say. */
final class InboxAccess {
    private InboxAccess() {}

    static boolean readsWords(Actor actor) {
        return switch (actor.kind()) {
            case OFFICER ->
                actor.hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER, Role.AUDITOR);
            case SYSTEM -> true;
            // A citizen's reach is one case, by its secret link; never the inbox.
            case CITIZEN -> false;
        };
    }

    static void worksHere(Actor actor) {
        if (actor.kind() != Actor.Kind.SYSTEM
                && !actor.hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER)) {
            throw Refusal.notFound().asException();
        }
    }

    /**
     * Whoever's case it is answers, assigns and finishes; an agency that supports it reads and notes. Rows without an
     * agency belong to those who see all.
     */
    static boolean leads(Actor actor, StoredConversation raw) {
        return actor.agencies().includes(raw.agency());
    }

    static void mustLead(Actor actor, StoredConversation raw) {
        if (!leads(actor, raw)) {
            throw Refusal.invalid("inbox.lead-only").asException();
        }
    }

    /** An auditor's lists never show words or names; they open a conversation with a reason. */
    static boolean masked(Actor actor) {
        return actor.readOnly();
    }

    /** Anonymous to the agency and the public; those who run the inbox must be able to answer. */
    static boolean hidesReporter(Actor actor, StoredConversation raw) {
        return raw.anonymous() && !seesReporters(actor);
    }

    static boolean seesReporters(Actor actor) {
        return actor.hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR);
    }

    /** Who may say that two contacts are one person. */
    static boolean joins(Actor actor) {
        return seesReporters(actor) && !actor.readOnly();
    }

    /** A page ends at an id; what is no id was made up. */
    static void known(@Nullable String id) {
        try {
            if (id != null) {
                UUID.fromString(id);
            }
        } catch (IllegalArgumentException e) {
            throw Refusal.notFound().asException();
        }
    }
}
