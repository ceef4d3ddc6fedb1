// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.Attachment;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.SealedFiles;
import id.kentongan.privacy.SealedFiles.StoredFile;
import id.kentongan.privacy.Vault;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The files of messages, sealed under their authors' keys. */
@Component
class MessageFiles {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final SealedFiles files;

    MessageFiles(ActorTransactions transactions, JdbcClient jdbc, Vault vault, SealedFiles files) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.files = files;
    }

    void store(Actor actor, DataKeyId key, UUID message, List<Attachment> attachments) {
        var position = 0;
        for (var attachment : attachments) {
            var content = attachment.content();
            if (content == null) {
                continue;
            }
            var stored = files.store(actor, key, content);
            var description = attachment.description();
            jdbc.sql("""
                            insert into inbox.message_file
                                (tenant_id, message_id, position, media_type, size, file_name, file_key, description_sealed)
                            values (:tenant, :message, :position, :type, :size, :name, :key, :description)
                            """)
                    .param("tenant", actor.tenant().value())
                    .param("message", message)
                    .param("position", position++)
                    .param("type", attachment.mediaType())
                    .param("size", stored.size())
                    .param("name", stored.name())
                    .param("key", stored.key())
                    .param(
                            "description",
                            description == null ? null : vault.seal(actor, key, Receiving.FILES, description))
                    .update();
        }
    }

    /** The files go with their keys, once the transaction is committed. */
    void remove(Actor actor, UUID[] messages) {
        var removed = jdbc.sql(
                        "delete from inbox.message_file where message_id = any(?) returning file_name, file_key, size")
                .param(messages)
                .query((row, n) -> new StoredFile(row.getString(1), row.getBytes(2), row.getLong(3)))
                .list();
        transactions.afterCommit(() -> removed.forEach(file -> files.remove(actor, file)));
    }

    /** What the author shows beside the words now. A picture that could not be fetched takes no earlier one away. */
    void replace(Actor actor, DataKeyId key, UUID message, List<Attachment> attachments) {
        var lacking = attachments.stream()
                .anyMatch(each -> each.content() == null && each.mediaType().startsWith("image/"));
        if (!lacking) {
            remove(actor, new UUID[] {message});
            store(actor, key, message, attachments);
        }
    }
}
