// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.Attachment;
import id.kentongan.channel.CleanPicture;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import id.kentongan.privacy.Vault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Pictures of what we say, for other servers to fetch. An address is a keyed hash of message and place: the same for
 * every repetition, and nobody finds one who was not told, which is what keeps a private message's picture private.
 */
@Component
class PublishedPictures {
    private static final String PICTURE = "channel.ap_media";
    private static final String ADDRESS = "channel.ap_media.address";
    private static final int ADDRESS_BYTES = 20;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;

    PublishedPictures(ActorTransactions transactions, JdbcClient jdbc, Vault vault) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
    }

    record Picture(String mediaType, byte[] content) {}

    /** Cleaned of what hides in them; empty when one is no picture. Those without content keep their address. */
    static Optional<List<Attachment>> cleaned(List<Attachment> attachments) {
        var clean = new ArrayList<Attachment>();
        for (var each : attachments) {
            var content = each.content();
            var picture = content == null ? null : CleanPicture.of(content).orElse(null);
            if (content != null && picture == null) {
                return Optional.empty();
            }
            clean.add(
                    picture == null
                            ? each
                            : new Attachment(each.url(), picture.mediaType(), each.description(), picture.content()));
        }
        return Optional.of(List.copyOf(clean));
    }

    /** Keeps what has content under addresses of its own. */
    List<Attachment> publish(LocalActor local, UUID note, List<Attachment> clean) {
        var actor = local.system();
        return transactions.write(actor, () -> {
            var published = new ArrayList<Attachment>();
            for (var i = 0; i < clean.size(); i++) {
                var each = clean.get(i);
                var content = each.content();
                if (content == null) {
                    published.add(each);
                    continue;
                }
                var token = token(actor, note, i);
                jdbc.sql("""
                                insert into channel.ap_media (tenant_id, note_id, place, address_hash, media_type, sealed)
                                values (?, ?, ?, ?, ?, ?)
                                on conflict do nothing
                                """)
                        .params(
                                actor.tenant().value(),
                                note,
                                i,
                                vault.keyedHash(actor, PICTURE, token),
                                each.mediaType(),
                                vault.sealForTenant(actor, PICTURE, content))
                        .update();
                published.add(new Attachment(local.picture(token), each.mediaType(), each.description(), null));
            }
            return List.copyOf(published);
        });
    }

    /** What lies under that address, unless its message was taken back. */
    Optional<Picture> at(TenantId tenant, String token) {
        var actor = Actor.system(tenant, "channel");
        return transactions.read(
                actor,
                () -> jdbc.sql("""
                        select m.media_type, m.sealed
                        from channel.ap_media m
                        join channel.ap_object o on o.tenant_id = m.tenant_id and o.id = m.note_id
                        where m.address_hash = ? and o.deleted_at is null
                        """)
                        .param(vault.keyedHash(actor, PICTURE, token))
                        .query((row, n) ->
                                new Picture(row.getString(1), vault.openForTenant(actor, PICTURE, row.getBytes(2))))
                        .optional());
    }

    private String token(Actor actor, UUID note, int place) {
        var whole = vault.keyedHash(actor, ADDRESS, note + ":" + place);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, ADDRESS_BYTES));
    }
}
