// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.OfficerId;
import id.kentongan.privacy.DataKeyId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A conversation as it stands in the table, with its words still sealed. */
record StoredConversation(
        ConversationId id,
        Network network,
        AccountId account,
        ContactId contact,
        DataKeyId key,
        DataKeyId contactKey,
        Audience audience,
        byte @Nullable [] preview,
        byte @Nullable [] identity,
        Instant lastAt,
        @Nullable Instant waitingSince,
        boolean unread,
        boolean done,
        @Nullable OfficerId assignee,
        @Nullable AgencyId agency,
        boolean confidential,
        boolean anonymous,
        @Nullable UUID caseId,
        @Nullable String caseNumber,
        @Nullable String caseKind,
        @Nullable String caseState,
        @Nullable Instant dueAt,
        String urgent,
        long version,
        long heard) {
    /**
     * Whether something was said here that whoever saw that conversation in that version has not seen. What it was joined
     * to meanwhile has words and a count of its own.
     */
    boolean heardSince(ConversationId asked, @Nullable Long seenVersion) {
        return seenVersion != null && (seenVersion < heard || !asked.equals(id));
    }

    static StoredConversation from(ResultSet row, int number) throws SQLException {
        var assignee = row.getObject("assignee", UUID.class);
        var agency = row.getObject("agency_id", UUID.class);
        var waiting = row.getTimestamp("waiting_since");
        var due = row.getTimestamp("due_at");
        return new StoredConversation(
                new ConversationId(row.getObject("id", UUID.class)),
                Network.of(row.getString("network")),
                new AccountId(row.getObject("account_id", UUID.class)),
                new ContactId(row.getObject("contact_id", UUID.class)),
                new DataKeyId(row.getObject("data_key_id", UUID.class)),
                new DataKeyId(row.getObject("contact_key", UUID.class)),
                Audience.valueOf(row.getString("audience")),
                row.getBytes("preview_sealed"),
                row.getBytes("identity"),
                row.getTimestamp("last_at").toInstant(),
                waiting == null ? null : waiting.toInstant(),
                row.getBoolean("unread"),
                row.getBoolean("done"),
                assignee == null ? null : new OfficerId(assignee),
                agency == null ? null : new AgencyId(agency),
                row.getBoolean("confidential"),
                row.getBoolean("anonymous"),
                row.getObject("case_id", UUID.class),
                row.getString("case_number"),
                row.getString("case_kind"),
                row.getString("case_state"),
                due == null ? null : due.toInstant(),
                row.getString("urgent_text"),
                row.getLong("version"),
                row.getLong("heard_version"));
    }
}
