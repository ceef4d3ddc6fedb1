// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who may open which page. The modules below refuse again, and the database once more; here it is decided whether
 * a page exists for somebody at all. Absent and forbidden look the same.
 */
final class Access {
    /** Citizens' words: the inbox, cases, search. */
    static final Role[] READS = {
        Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER, Role.AUDITOR,
    };
    /** How many, how fast, how late: no citizen's words. An administrator manages and reaches no case, so sees none counted. */
    static final Role[] COUNTS = {
        Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER, Role.AUDITOR, Role.HEAD,
    };
    /** The same at a glance, with what was said in public: for whoever answers for it. */
    static final Role[] SUMMARY = {Role.HEAD, Role.SUPERVISOR, Role.AUDITOR};
    /** Answering, forwarding, noting. */
    static final Role[] WORKS = {Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER};

    /** Who is told of deadlines: those who work, and who answers for them. */
    static final Role[] TOLD = {
        Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER, Role.HEAD,
    };

    /** Deciding about a case as a whole: opening, verifying, closing, reopening. A liaison officer answers or hands on. */
    static final Role[] COORDINATES = {Role.COMMUNICATION_OFFICER, Role.SUPERVISOR};

    static final Role[] TRAIL = {Role.AUDITOR, Role.ADMINISTRATOR};

    /** Settings of the tenant. */
    static final Role[] ADMINISTERS = {Role.ADMINISTRATOR};
    /** Settings that a supervisor shares: what does not arrive, canned answers. */
    static final Role[] SETTLES = {Role.ADMINISTRATOR, Role.SUPERVISOR};

    /** Looking at settings of the tenant: an auditor reads them all, and changes none. */
    static final Role[] OVERSEES = {Role.ADMINISTRATOR, Role.AUDITOR};

    static final Role[] SETTLES_OR_OVERSEES = {Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AUDITOR};

    private Access() {}

    static void administers(Actor actor) {
        only(actor, ADMINISTERS);
    }

    static void settles(Actor actor) {
        only(actor, SETTLES);
    }

    static void oversees(Actor actor) {
        only(actor, OVERSEES);
    }

    static void settlesOrOversees(Actor actor) {
        only(actor, SETTLES_OR_OVERSEES);
    }

    static void reads(Actor actor) {
        only(actor, READS);
    }

    static void works(Actor actor) {
        only(actor, WORKS);
        if (actor.readOnly()) {
            throw Refusal.notFound().asException();
        }
    }

    static boolean mayWork(Actor actor) {
        return actor.hasAny(WORKS) && !actor.readOnly();
    }

    static boolean mayCoordinate(Actor actor) {
        return actor.hasAny(COORDINATES) && !actor.readOnly();
    }

    static void coordinates(Actor actor) {
        if (!mayCoordinate(actor)) {
            throw Refusal.notFound().asException();
        }
    }

    static void only(Actor actor, Role... roles) {
        if (!actor.hasAny(roles)) {
            throw Refusal.notFound().asException();
        }
    }

    /** Something else where an id belongs names nothing. */
    static ConversationId conversation(String id) {
        return parsed(id, ConversationId::parse);
    }

    static <T> T parsed(String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.notFound().asException();
        }
    }

    static @Nullable AgencyId agency(@Nullable String text) {
        return text == null || text.isBlank() ? null : parsed(text, AgencyId::parse);
    }

    static @Nullable OfficerId officer(@Nullable String text) {
        return text == null || text.isBlank() ? null : parsed(text, OfficerId::parse);
    }

    static UUID uuid(String text) {
        return parsed(text, UUID::fromString);
    }

    /** Where a form leads afterwards: a page of the desk and nowhere else. */
    static String back(@Nullable String wanted, String otherwise) {
        return wanted != null && wanted.matches("/desk(/[A-Za-z0-9/-]*)?(\\?[A-Za-z0-9=&.-]*)?") ? wanted : otherwise;
    }
}
