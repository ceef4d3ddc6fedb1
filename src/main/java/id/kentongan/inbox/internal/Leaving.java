// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.Intake;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.OutgoingId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.SealedContent;
import id.kentongan.privacy.Vault;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Somebody erased their account on a network, or asks to be erased: what they said goes, what we said to them stays. */
@Component
class Leaving {
    private final JdbcClient jdbc;
    private final Vault vault;
    private final ContactBook contacts;
    private final WaitingWords waiting;
    private final Destroying destroying;
    private final MessageWriter writer;
    private final Intake intake;
    private final Outbox outbox;
    private final ContactEvidence evidence;
    private final Clock clock;

    Leaving(
            JdbcClient jdbc,
            Vault vault,
            ContactBook contacts,
            WaitingWords waiting,
            Destroying destroying,
            MessageWriter writer,
            Intake intake,
            Outbox outbox,
            ContactEvidence evidence,
            Clock clock) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.contacts = contacts;
        this.waiting = waiting;
        this.destroying = destroying;
        this.writer = writer;
        this.intake = intake;
        this.outbox = outbox;
        this.evidence = evidence;
        this.clock = clock;
    }

    /**
     * Everything the author said is destroyed, and their key with it. What we said to them stays, without saying to
     * whom it was sent.
     */
    void left(Actor actor, Network network, Item.Left left, byte[] authorHash) {
        forget(actor, network, authorHash, left.authorKey(), left.at(), "inbox.author-left");
    }

    /** The same of each of these contacts, whoever they are on whatever network, because the person asks for it. */
    void erase(Actor actor, Collection<UUID> persons) {
        var now = clock.instant();
        for (var each : contacts.known(actor, persons)) {
            forget(actor, each.network(), each.authorHash(), each.authorKey(), now, "inbox.erased");
        }
    }

    /** @param authorKey null when who they were is forgotten already */
    private void forget(
            Actor actor, Network network, byte[] authorHash, @Nullable String authorKey, Instant at, String verb) {
        intake.forget(actor, waiting.left(actor, authorHash, at));
        var gone = contacts.forget(actor, network, authorHash, at);
        if (gone == null) {
            return;
        }
        keepOurs(actor, gone, authorKey);
        destroying.destroy(actor, destroying.saidBy(gone.contact(), at), at, verb);
        evidence.forget(List.of(gone.contact().value()));
        vault.destroy(actor, gone.key());
    }

    private void keepOurs(Actor actor, ContactBook.Left gone, @Nullable String authorKey) {
        record Ours(
                UUID id,
                ConversationId conversation,
                DataKeyId key,
                @Nullable SealedContent content,
                @Nullable UUID outgoing) {}
        var ours = jdbc.sql("""
                        select m.id, m.conversation_id, m.data_key_id, m.body_key, m.body_sealed, m.outgoing_id
                        from inbox.message m
                        where m.direction <> 'IN' and m.conversation_id in (
                            select id from inbox.conversation where contact_id = :contact
                            union
                            select conversation_id from inbox.message where contact_id = :contact)
                        order by m.conversation_id
                        """)
                .param("contact", gone.contact().value())
                .query((row, n) -> {
                    var bodyKey = row.getBytes(4);
                    return new Ours(
                            row.getObject(1, UUID.class),
                            new ConversationId(row.getObject(2, UUID.class)),
                            new DataKeyId(row.getObject(3, UUID.class)),
                            bodyKey == null ? null : new SealedContent(bodyKey, row.getBytes(5)),
                            row.getObject(6, UUID.class));
                })
                .list();
        // Older ones were sealed under the citizen's key: they are wrapped anew before it goes.
        for (var each : ours) {
            var content = each.content();
            if (content != null && each.key().equals(gone.key())) {
                var own = writer.ownKey(actor, each.conversation());
                vault.rewrap(actor, gone.key(), own, Receiving.BODY, content)
                        .ifPresent(wrapped -> jdbc.sql(
                                        "update inbox.message set data_key_id = ?, body_key = ? where id = ?")
                                .params(own.value(), wrapped.key(), each.id())
                                .update());
            }
        }
        var sent = ours.stream()
                .map(Ours::outgoing)
                .filter(Objects::nonNull)
                .map(OutgoingId::new)
                .toList();
        if (!sent.isEmpty() && authorKey != null) {
            outbox.forgetRecipient(actor, sent, authorKey);
        }
    }
}
