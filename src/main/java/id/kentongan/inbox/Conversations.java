// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Audience;
import id.kentongan.channel.CleanPicture;
import id.kentongan.channel.Network;
import id.kentongan.channel.OutgoingId;
import id.kentongan.inbox.ConversationView.ClosedTarget;
import id.kentongan.inbox.ConversationView.ReplyTarget;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Page;
import id.kentongan.privacy.DataKeyId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The shared inbox. Absent and forbidden look the same. */
public interface Conversations {
    /** Characters that a note may have. */
    int LONGEST_NOTE = 4000;

    Page<ConversationRow> list(Actor actor, ConversationFilter filter, @Nullable String after, int limit);

    /** So far conversations are counted. */
    int MOST_COUNTED = 1000;

    /** Numbers for the menu: what is more than {@link #MOST_COUNTED} is not counted to its end. */
    Map<ConversationFilter.Box, Integer> counts(Actor actor);

    /** Full-text search over messages and exact search over handles and case numbers. */
    Page<ConversationRow> search(Actor actor, String words, @Nullable String after, int limit);

    Optional<ConversationView> accessible(Actor actor, ConversationId id);

    Page<MessageView> messages(Actor actor, ConversationId id, @Nullable String before, int limit);

    Optional<FileContent> file(Actor actor, ConversationId id, MessageId message, int index);

    /** Where these answers were written, as far as the actor may read there. */
    Map<OutgoingId, ConversationId> ofOutgoing(Actor actor, Collection<OutgoingId> answers);

    void markRead(Actor actor, ConversationId id);

    /** When the actor last read here, for the line above what is new. */
    default Optional<Instant> lastRead(Actor actor, ConversationId id) {
        return Optional.empty();
    }

    void assign(Actor actor, ConversationId id, @Nullable OfficerId officer);

    default void finish(Actor actor, ConversationId id) {
        finish(actor, id, null);
    }

    /** @param seenVersion version of the page it was finished from, or null; what was said since is a conflict */
    void finish(Actor actor, ConversationId id, @Nullable Long seenVersion);

    void reopen(Actor actor, ConversationId id);

    MessageId note(Actor actor, ConversationId id, String text);

    /**
     * Keeps what the actor has written there so far; blank words end the draft. What another window of theirs has written
     * since this one was drawn stays beside it.
     *
     * @return the actor's other drafts there, newest first
     */
    List<Draft> saveDraft(Actor actor, ConversationId id, Draft.Window window, String text);

    /** Ends the draft of this window, because it is sent or not wanted; not what another window has made of it since. */
    void discardDraft(Actor actor, ConversationId id, Draft.Window window);

    /** Makes this one of the actor's drafts the one that stands in the next window. */
    void useDraft(Actor actor, ConversationId id, UUID window);

    /** Says that the actor is writing here, or no longer, and who else is; forgotten after a minute, and once answered. */
    List<OfficerId> present(Actor actor, ConversationId id, boolean writing);

    default MessageId reply(
            Actor actor,
            ConversationId id,
            String target,
            String text,
            String idempotencyKey,
            @Nullable Long seenVersion) {
        return reply(actor, id, target, text, idempotencyKey, seenVersion, null);
    }

    /**
     * Answers in the conversation through the outbox: in public under the newest words said there in public, in private
     * under the newest words of the one whose conversation it is. Where nobody's words are left, nobody is answered:
     * an answer never becomes a post of its own.
     *
     * @param idempotencyKey the form's own key: a form posted twice answers once
     * @param seenVersion version the answer was written against, or null; a citizen's message or a colleague's
     *     answer that is newer is a conflict, a receipt sent by itself is none
     * @param to the contact to answer, who need not be the one whose conversation it is, or null
     * @param pictures what is shown with the words, at most as many as the target takes, each with words that say what
     *     it shows
     */
    MessageId reply(
            Actor actor,
            ConversationId id,
            String target,
            String text,
            String idempotencyKey,
            @Nullable Long seenVersion,
            @Nullable ContactId to,
            List<Picture> pictures);

    /** The same in words alone. */
    default MessageId reply(
            Actor actor,
            ConversationId id,
            String target,
            String text,
            String idempotencyKey,
            @Nullable Long seenVersion,
            @Nullable ContactId to) {
        return reply(actor, id, target, text, idempotencyKey, seenVersion, to, List.of());
    }

    /**
     * Where one of those who speak in it can be answered: by their own newest words to us, whatever others say there.
     *
     * @param whom who is to be answered
     * @param spoken what they said last in another way, as by the form of the tracking page, or null
     */
    Answerable answerable(Actor actor, ConversationId id, ContactId whom, @Nullable MessageId spoken);

    /** @param open the default first, with what was said in private answered in private; nothing for who may not answer */
    record Answerable(Network network, List<ReplyTarget> open, List<ClosedTarget> closed) {}

    /**
     * Of what was said in it: what is this contact's, and what was said to others and only stands above or beside what
     * was said to us. System actors only.
     */
    Spoken spoken(Actor actor, ConversationId id, ContactId whom);

    record Spoken(Set<MessageId> theirs, Set<MessageId> toOthers) {}

    /** The name of one of those who speak in it, or empty: as the actor may see it. */
    String name(Actor actor, ConversationId id, ContactId whom);

    /** Whose conversation it is; others may have joined it. Empty when the actor may not read it. */
    Optional<ContactId> owner(Actor actor, ConversationId id);

    /** One message of it, as {@link #messages}. */
    Optional<MessageView> message(Actor actor, ConversationId id, MessageId message);

    /**
     * Says anew what was answered, there and at its network; the wording before stays on record. Refused where the
     * network cannot, where it never was sent, or after a colleague's correction.
     *
     * @param seenWordings how many earlier wordings there were when the correction was written
     */
    void correct(Actor actor, ConversationId id, MessageId message, String text, int seenWordings);

    /** Takes an answer back at its network; what it said stays on record. Refused as {@link #correct}. */
    void withdraw(Actor actor, ConversationId id, MessageId message);

    /** @param description alternative text: what the picture shows to whoever does not see it */
    record Picture(CleanPicture picture, String description) {
        public static final int LONGEST_DESCRIPTION = 1000;
    }

    /**
     * Automatic replies (receipts), each to one message and its author: counted apart, never to a bot, never in a loop,
     * never in public to what was said in private. System actors only.
     *
     * @return what is on its way, now or under the same key since before; what may not be sent is left out
     */
    Map<AutomaticReply, MessageId> replyAutomatically(Actor actor, Collection<AutomaticReply> replies);

    /**
     * @param about the message it answers
     * @param idempotencyKey a second one with the same key in the conversation is not sent
     */
    record AutomaticReply(
            ConversationId conversation, MessageId about, Audience audience, String text, String idempotencyKey) {}

    /** One of them; empty when it may not be sent. */
    default Optional<MessageId> replyAutomatically(
            Actor actor, ConversationId id, MessageId about, Audience audience, String text, String idempotencyKey) {
        var reply = new AutomaticReply(id, about, audience, text, idempotencyKey);
        return Optional.ofNullable(replyAutomatically(actor, List.of(reply)).get(reply));
    }

    /**
     * Those of these conversations that are there and not part of another, held until the caller's transaction ends: a
     * case that is being opened on one of them finds it unjoined at its commit.
     */
    Set<ConversationId> keep(Actor actor, Collection<ConversationId> ids);

    /** Sets or changes the marks of cases; called by casework inside its transaction. */
    void mark(Actor actor, Collection<CaseMark> marks);

    /**
     * Tells the desks of every node, once the caller's transaction is committed, that something happened to the case of
     * these conversations; heard as {@link ConversationChanged}.
     *
     * @param what a word without spaces
     */
    void announce(Actor actor, Collection<ConversationId> ids, String what);

    /** Whether the actor may read at least one of these. */
    boolean readsAny(Actor actor, Collection<ConversationId> ids);

    /** The texts and hints of messages, for rules; system actors only. */
    List<MessageContent> contents(Actor actor, Collection<MessageId> messages);

    /**
     * What we answered in public and still stands there, newest first, within reach: released text, for everybody who
     * has work or numbers here.
     *
     * @param before where the page before ended, or null
     */
    Page<PublishedAnswer> published(Actor actor, @Nullable String before, int limit);

    List<CannedAnswer> cannedAnswers(Actor actor);

    /**
     * Adds or changes a canned answer; supervisors and administrators. Refused ({@code inbox.unknown-variable}) with a
     * variable that nothing fills in.
     */
    CannedAnswer saveCannedAnswer(Actor actor, CannedAnswer answer);

    /** Removes a canned answer; supervisors and administrators. */
    void removeCannedAnswer(Actor actor, UUID id);

    record FileContent(
            String mediaType, byte[] bytes, @Nullable String description) {}

    /**
     * @param hints facts the citizen gave in a form, by name
     * @param contactKey the contact's data key: what is derived from these words is sealed under it too, so that
     *     destroying it erases all of it
     */
    record MessageContent(
            MessageId message,
            ConversationId conversation,
            ContactId contact,
            Network network,
            AccountId account,
            Audience audience,
            Instant at,
            String text,
            @Nullable String language,
            Map<String, String> hints,
            DataKeyId contactKey) {}

    /** @param text with variables {@code {nama}}, {@code {nomor}}, {@code {dinas}}, {@code {batas}} */
    record CannedAnswer(UUID id, String title, String text) {
        /** What is filled in when the answer is used. */
        public static final List<String> VARIABLES = List.of("nama", "nomor", "dinas", "batas");

        private static final Pattern VARIABLE = Pattern.compile("\\{([^{}\\s]*)}");

        /** Names in braces that nothing fills in, each once, as written. */
        public List<String> unknownVariables() {
            return VARIABLE.matcher(text)
                    .results()
                    .map(found -> found.group(1))
                    .filter(name -> !VARIABLES.contains(name))
                    .map(name -> "{" + name + "}")
                    .distinct()
                    .toList();
        }
    }
}
