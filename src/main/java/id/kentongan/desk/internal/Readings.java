// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.archive.Subject;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.Cases;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.ReadingLog;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** An auditor says why before personal data is shown; everybody's readings are noted. */
@Component
class Readings {
    static final int SHORTEST_REASON = 10;

    private final ReadingLog log;
    private final Cases cases;
    private final Conversations conversations;

    Readings(ReadingLog log, Cases cases, Conversations conversations) {
        this.log = log;
        this.cases = cases;
        this.conversations = conversations;
    }

    boolean mayRead(Actor actor, String kind, UUID id) {
        return log.mayRead(actor, new Subject(kind, id));
    }

    /** A conversation, whose it is, and its case are one matter: one reason opens all. */
    void stateForConversation(Actor actor, ConversationId id, String reason) {
        state(actor, id, reason);
        cases.ofConversation(actor, id)
                .ifPresent(found ->
                        log.stateReason(actor, new Subject("case", found.id().value()), reason));
    }

    void stateForCase(Actor actor, CaseView found, String reason) {
        log.stateReason(actor, new Subject("case", found.id().value()), reason);
        found.conversations().forEach(id -> state(actor, id, reason));
    }

    private void state(Actor actor, ConversationId id, String reason) {
        log.stateReason(actor, new Subject("conversation", id.value()), reason);
        conversations
                .owner(actor, id)
                .ifPresent(owner -> log.stateReason(actor, new Subject("contact", owner.value()), reason));
    }
}
