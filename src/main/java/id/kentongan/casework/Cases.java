// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.channel.Attachment;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.TenantId;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Cases. Absent and forbidden look the same; every change is in the trail and on the timeline. */
public interface Cases {
    Page<CaseRow> list(Actor actor, CaseFilter filter, @Nullable String after, int limit);

    Optional<CaseView> accessible(Actor actor, CaseId id);

    Optional<CaseView> ofConversation(Actor actor, ConversationId conversation);

    /**
     * The cases of these reporters that the actor may see, newest first; of reporters who are anonymous to the actor
     * none, since that would tell who they are.
     */
    List<CaseRow> ofReporters(Actor actor, Collection<ContactId> reporters, int limit);

    /** Opens a case from a conversation by hand; opens none when it has an open one. */
    CaseId open(Actor actor, ConversationId conversation, CaseKind kind, @Nullable AgencyId agency);

    void verify(Actor actor, CaseId id, CaseKind kind, long version);

    /**
     * Disposisi: hands the case to an agency with a covering note. A liaison officer hands on within the own agency and
     * what is below it; what is not theirs they {@linkplain #giveBack give back}.
     */
    void forward(Actor actor, CaseId id, AgencyId to, String note, long version);

    /**
     * Where an answer to the reporter appears, and who reads it: by the reporter's own newest words to us, never by what
     * others say beside them. What is confidential has no public place. Nothing for who may not answer.
     */
    List<CasePlace> places(Actor actor, CaseId id);

    /** Answers the citizen where they asked, and on the tracking page. */
    default void answer(Actor actor, CaseId id, String text, String idempotencyKey, long version) {
        answer(actor, id, new Answer(text, idempotencyKey, version, null, null, List.of()));
    }

    /** The same where the officer chose to. */
    void answer(Actor actor, CaseId id, Answer answer);

    /**
     * @param version of the case it was written against
     * @param target code of one of the {@linkplain #places places'} targets, or null for where the reporter spoke last
     * @param seenVersion version of the conversation it was written against, or null where it was not looked at
     * @param pictures what is shown with the words
     */
    record Answer(
            String text,
            String idempotencyKey,
            long version,
            @Nullable String target,
            @Nullable Long seenVersion,
            List<Conversations.Picture> pictures) {}

    /** The agency that has it gives a case that is not theirs back to the coordinating officers, with the reason. */
    void giveBack(Actor actor, CaseId id, String reason, long version);

    /**
     * Tunda: puts a case off until a day, when it comes back by itself; the citizen is told where they wrote. Which
     * clocks run on says the list {@code case.postponed-runs-on}, how long at most the rule {@code case.postpone}.
     */
    void postpone(Actor actor, CaseId id, String reason, LocalDate until, long version);

    /** Takes a postponed case up again before its day. */
    void resume(Actor actor, CaseId id, long version);

    /** Bukan wewenang: ends a case that is not this government's; the citizen is told whom to ask instead. */
    void refer(Actor actor, CaseId id, String suggestion, long version);

    /**
     * Arsipkan: ends a case for a reason of the list {@code case.archive-reason}.
     *
     * @param note further words for the citizen, or empty
     * @param tell whether the citizen is told; what is no report at all need not be answered
     */
    void archive(Actor actor, CaseId id, String reason, String note, boolean tell, long version);

    void close(Actor actor, CaseId id, String reason, long version);

    void reopen(Actor actor, CaseId id, String reason);

    Optional<PublicCase> byPublicNumber(Actor actor, String publicNumber);

    /** By the secret link's token: acts as the reporter. */
    Optional<ReporterCase> bySecret(TenantId tenant, String secret);

    /** A file of a message the reporter is shown by that link; of others there is none. */
    Optional<Conversations.FileContent> file(TenantId tenant, String secret, MessageId message, int index);

    /** The reporter adds information by the secret link; it lands in the case's conversation. */
    void add(TenantId tenant, String secret, String text, List<Attachment> files, String idempotencyKey);

    /**
     * The unanswered cases within reach whose deadlines come first, the latest ones before all; never a confidential
     * one. For whoever counts: numbers, kinds and days, no words.
     */
    List<PressingCase> pressing(Actor actor, int limit);

    Performance performance(Actor actor, LocalDate from, LocalDate to);

    /**
     * What the reporter sees: the public view, their own messages and the answers.
     *
     * @param messages their conversation, oldest first; in public, others may have joined it
     * @param theirs which of them the reporter said
     */
    record ReporterCase(
            CaseId id,
            PublicCase shown,
            String title,
            List<MessageView> messages,
            Set<MessageId> theirs,
            boolean mayReopen) {}
}
