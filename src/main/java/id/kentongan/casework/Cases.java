// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.channel.Attachment;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.TenantId;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Cases. Absent and forbidden look the same; every change is in the trail and on the timeline. */
public interface Cases {
    Page<CaseRow> list(Actor actor, CaseFilter filter, @Nullable String after, int limit);

    Optional<CaseView> accessible(Actor actor, CaseId id);

    Optional<CaseView> ofConversation(Actor actor, ConversationId conversation);

    /** Opens a case from a conversation by hand; opens none when it has an open one. */
    CaseId open(Actor actor, ConversationId conversation, CaseKind kind, @Nullable AgencyId agency);

    void verify(Actor actor, CaseId id, CaseKind kind, long version);

    /** Disposisi: hands the case to an agency with a covering note. */
    void forward(Actor actor, CaseId id, AgencyId to, String note, long version);

    /** Answers the citizen where they asked, and on the tracking page. */
    void answer(Actor actor, CaseId id, String text, String idempotencyKey, long version);

    void close(Actor actor, CaseId id, String reason, long version);

    void reopen(Actor actor, CaseId id, String reason);

    Optional<PublicCase> byPublicNumber(Actor actor, String publicNumber);

    /** By the secret link's token: acts as the reporter. */
    Optional<ReporterCase> bySecret(TenantId tenant, String secret);

    /** A file of a message the reporter is shown by that link; of others there is none. */
    Optional<Conversations.FileContent> file(TenantId tenant, String secret, MessageId message, int index);

    /** The reporter adds information by the secret link; it lands in the case's conversation. */
    void add(TenantId tenant, String secret, String text, List<Attachment> files, String idempotencyKey);

    Performance performance(Actor actor, LocalDate from, LocalDate to);

    /**
     * What the reporter sees: the public view, their own messages and the answers.
     *
     * @param messages their conversation, oldest first
     */
    record ReporterCase(CaseId id, PublicCase shown, String title, List<MessageView> messages, boolean mayReopen) {}
}
