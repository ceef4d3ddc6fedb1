// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Page;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who speaks with us. A contact is somebody as one network knows them, with a key of their own. Communication officers and
 * supervisors may say that several are one person, and take it back. Nothing of either moves for it: where words stand, where
 * answers go and what a citizen is shown stay as they are; officers see together what they may see of each.
 *
 * <p>Absent and forbidden look the same.
 */
public interface Contacts {
    /**
     * Whose conversation it is. Empty where the reporter is hidden from the actor, or an auditor has not stated a
     * reason. Noted as a reading of the conversation.
     */
    Optional<Person> of(Actor actor, ConversationId conversation);

    /** The other conversations of the same person that the actor may see, newest first. Empty as {@link #of}. */
    Page<ConversationRow> conversations(Actor actor, ConversationId of, @Nullable String after, int limit);

    /** What was left in this conversation to reach them by, masked. Empty as {@link #of}. */
    List<Person.Reach> reach(Actor actor, ConversationId conversation);

    /**
     * The whole number or address that a form left. Noted as a reading of the contact, for which an auditor must have
     * stated a reason; empty otherwise.
     */
    Optional<String> reach(Actor actor, ConversationId conversation, MessageId message);

    /**
     * Says that these two are one person; whoever is one with either is one with both.
     *
     * @return the joining, or the one that stands between them already; empty when they are one by others
     */
    Optional<JoiningId> join(Actor actor, ContactId one, ContactId other);

    /** Ends a joining: what it had joined is apart again, as it was. Ended twice, it is ended once. */
    void split(Actor actor, JoiningId joining);

    /** Takes a contact out; the others stay one person. */
    void takeOut(Actor actor, ContactId contact);

    /** Says that these two are not one person; they are not suggested again, and may be joined still. */
    void keepApart(Actor actor, ContactId one, ContactId other);

    /** Everybody who is one person with this contact, and the contact; system actors only. */
    Set<ContactId> person(Actor actor, ContactId contact);

    /**
     * Erases a person: the words, names, numbers and files of every contact that was joined, with their keys, and that
     * they were joined. What the government said to them stays, without saying to whom. System actors only.
     */
    void erase(Actor actor, ContactId contact);
}
