// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.Vault;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Takes items of the intake in, a batch in one set of multi-row statements. Whatever the order of arrival,
 * duplicates, edits and deletions end in the same messages: see {@link Branches} and {@link Changes}.
 */
@Component
class Receiving implements ItemReceiver {
    static final String BODY = "inbox.message.body";
    static final String DETAILS = "inbox.message.details";
    static final String IDENTITY = "inbox.contact_identity";
    static final String PREVIEW = "inbox.conversation.preview";
    static final String KEYS = "inbox.message.key";
    static final String HANDLES = "inbox.contact.handle";
    static final String FILES = "inbox.message_file";

    private final JdbcClient jdbc;
    private final Vault vault;
    private final Trail trail;
    private final Clock clock;
    private final WaitingWords waiting;
    private final Branches branches;
    private final Changes changes;
    private final Leaving leaving;
    private final Storing storing;

    Receiving(
            JdbcClient jdbc,
            Vault vault,
            Trail trail,
            Clock clock,
            WaitingWords waiting,
            Branches branches,
            Changes changes,
            Leaving leaving,
            Storing storing) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.trail = trail;
        this.clock = clock;
        this.waiting = waiting;
        this.branches = branches;
        this.changes = changes;
        this.leaving = leaving;
        this.storing = storing;
    }

    /** What stands beside the words of a message, sealed with them. */
    record Details(
            @Nullable String remoteKey,
            @Nullable String parentKey,
            @Nullable String url,
            @Nullable String warning,
            @Nullable String language,
            Map<String, String> hints) {}

    /** Who a contact is on a network. */
    record Identity(
            String key,
            String handle,
            String name,
            @Nullable String profileUrl) {
        /** What they are called: where handles are how one is known there, by that. A form without a name has none. */
        String shown() {
            var known = handle.startsWith("@") || name.isBlank() ? handle : name;
            return known.equals("web") ? "" : known;
        }
    }

    /** One intake at a time per tenant: two nodes must not open the same contact or thread twice. */
    static void oneAtATime(JdbcClient jdbc, Actor actor) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('inbox:' || ?, 0))")
                .param(actor.tenant().toString())
                .query((row, n) -> 1)
                .list();
    }

    @Override
    public void receive(Actor actor, List<ReceivedItem> items) {
        oneAtATime(jdbc, actor);
        var now = clock.instant();
        var said = said(actor, items, now);
        if (!said.isEmpty()) {
            storing.store(actor, branches.place(actor, said));
        }
        for (var item : items) {
            switch (item.item()) {
                case Item.Said ignored -> {}
                case Item.Edited edited ->
                    changes.edit(
                            actor,
                            item.account(),
                            edited,
                            hash(actor, edited.targetKey()),
                            author(actor, edited.authorKey()));
                case Item.Deleted deleted ->
                    changes.delete(
                            actor,
                            item.account(),
                            deleted,
                            hash(actor, deleted.targetKey()),
                            author(actor, deleted.authorKey()));
                case Item.Left left ->
                    leaving.left(actor, item.network(), left, vault.keyedHash(actor, IDENTITY, left.authorKey()));
                case Item.Reacted reacted ->
                    trail.record(
                            actor,
                            TrailEntry.of(
                                    "inbox.reacted",
                                    "delivery",
                                    item.delivery().value(),
                                    Map.of("reaction", reacted.reaction(), "undone", "" + reacted.undone())));
                case Item.Followed followed ->
                    trail.record(
                            actor,
                            TrailEntry.of(
                                    "inbox.followed",
                                    "account",
                                    item.account().value(),
                                    Map.of("undone", "" + followed.undone())));
                case Item.Receipt ignored -> {}
                case Item.Returned ignored -> {}
            }
        }
    }

    /** What was said, with what an edit has addressed to us, and what has waited for any of it. */
    private List<Incoming> said(Actor actor, List<ReceivedItem> items, Instant now) {
        var said = new ArrayList<Incoming>();
        var called = new ArrayList<Incoming>();
        for (var item : items) {
            if (item.item() instanceof Item.Said words) {
                said.add(incoming(actor, item, words, now));
            } else if (item.item() instanceof Item.Edited edited && edited.message() != null) {
                var words = incoming(actor, item, edited.message(), now).asEdited(edited.at());
                if (!changes.isAnothers(words)) {
                    called.add(words);
                }
            }
        }
        if (said.isEmpty() && called.isEmpty()) {
            return said;
        }
        var around = waiting.around(
                actor, Incoming.all(said, called), kept -> incoming(actor, kept, (Item.Said) kept.item(), now));
        for (var each : called) {
            var place = place(said, each.key());
            // Nobody addresses another's words to us.
            if (!saidBySame(each, around.get(each.key())) || place >= 0 && !saidBySame(each, said.get(place))) {
                continue;
            }
            // What was said first is the earlier wording, where it is there.
            var first = around.remove(each.key());
            if (first != null && place < 0) {
                said.add(first.called(each.editedAt()));
            } else if (place < 0) {
                said.add(each);
            } else if (!said.get(place).said.addressed()) {
                said.set(place, said.get(place).called(each.editedAt()));
            }
        }
        said.addAll(around.values());
        return said;
    }

    private static boolean saidBySame(Incoming edited, @Nullable Incoming first) {
        return first == null || Arrays.equals(edited.authorHash, first.authorHash);
    }

    private static int place(List<Incoming> said, String key) {
        for (var n = 0; n < said.size(); n++) {
            if (said.get(n).key().equals(key)) {
                return n;
            }
        }
        return -1;
    }

    private Incoming incoming(Actor actor, ReceivedItem item, Item.Said said, Instant now) {
        var thread = thread(item, said);
        var parent = said.parentKey();
        return new Incoming(
                item,
                said,
                said.at().isAfter(now) ? now : said.at(),
                hash(actor, said.remoteKey()),
                parent == null ? null : hash(actor, parent),
                vault.keyedHash(actor, IDENTITY, said.author().key()),
                vault.keyedHash(actor, "inbox.thread", thread));
    }

    /**
     * Private words of one person are one conversation, by mail those of one thread; each form is one; in public, each
     * branch under a post.
     */
    private static String thread(ReceivedItem item, Item.Said said) {
        if (item.network() == Network.WEB) {
            return "web:" + said.remoteKey();
        }
        if (said.audience() != Audience.DIRECT) {
            return "thread:" + said.remoteKey();
        }
        return "direct:" + (said.thread() == null ? said.author().key() : said.thread());
    }

    private byte @Nullable [] author(Actor actor, @Nullable String authorKey) {
        return authorKey == null ? null : vault.keyedHash(actor, IDENTITY, authorKey);
    }

    private byte[] hash(Actor actor, String remoteKey) {
        return vault.keyedHash(actor, KEYS, remoteKey);
    }

    /**
     * The commitment to words that the trail chains: the hash of their sealed form, whose random key and nonce are
     * its salt. It is checked without opening anything, and tells nothing once the words are gone.
     */
    static byte[] commitment(byte[] sealed) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(sealed);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String literal(String[] words) {
        var text = new StringBuilder("{");
        for (var word : words) {
            text.append(text.length() > 1 ? "," : "").append('"').append(word).append('"');
        }
        return text.append('}').toString();
    }

    static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    /** Remote keys mean something within their account only. */
    static String scoped(AccountId account, byte[] hash) {
        return account + ":" + hex(hash);
    }
}
