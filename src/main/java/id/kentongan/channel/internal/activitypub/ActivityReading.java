// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.CleanPicture;
import id.kentongan.channel.Item;
import id.kentongan.channel.internal.SeenKeys;
import id.kentongan.channel.internal.activitypub.PeerRequests.Fetched;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.channel.spi.UnreadableDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Turns a proven activity into items. An author speaks for their own server's objects only; whatever else the
 * activity claims is left out.
 */
@Component
class ActivityReading {
    private static final int MOST_ANCESTORS = 10;
    private static final int LARGEST_IMAGE = 8 * 1024 * 1024;
    private static final int MOST_IMAGES = 4;
    private static final Set<String> NOTHING_TO_US = Set.of(
            "Accept",
            "Reject",
            "TentativeAccept",
            "TentativeReject",
            "Add",
            "Remove",
            "Block",
            "Move",
            "Dislike",
            "Join",
            "Leave",
            "Invite",
            "Ignore",
            "View",
            "Listen",
            "Read",
            "Arrive",
            "Travel",
            "Offer",
            "Lock",
            "EmojiReact",
            "QuoteRequest");

    private final RemoteActors remotes;
    private final PeerRequests requests;
    private final FederationStore store;
    private final SeenKeys seen;
    private final Sending sending;

    ActivityReading(
            RemoteActors remotes, PeerRequests requests, FederationStore store, SeenKeys seen, Sending sending) {
        this.remotes = remotes;
        this.requests = requests;
        this.store = store;
        this.seen = seen;
        this.sending = sending;
    }

    List<Item> items(LocalActor local, RemoteActor author, JsonNode activity, Instant receivedAt)
            throws UnreadableDelivery {
        var type = ActivityJson.type(activity);
        return switch (type) {
            case "Create" -> create(local, author, activity, receivedAt);
            case "Update" -> update(local, author, activity, receivedAt);
            case "Delete" -> delete(local, author, activity, receivedAt);
            case "Follow" -> follow(local, author, activity, receivedAt);
            case "Undo" -> undo(local, author, activity, receivedAt);
            case "Like", "Announce" -> reaction(local, author, activity, receivedAt, false);
            case "Flag" -> flag(author, activity, receivedAt);
            default -> {
                if (NOTHING_TO_US.contains(type)) {
                    yield List.of();
                }
                // Some servers deliver the note itself instead of its creation.
                if (NoteReading.isSpeech(activity)) {
                    yield said(local, author, activity, activity, receivedAt);
                }
                throw new UnreadableDelivery("unknown-activity", false);
            }
        };
    }

    private List<Item> create(LocalActor local, RemoteActor author, JsonNode activity, Instant receivedAt)
            throws UnreadableDelivery {
        var object = ActivityJson.first(activity.get("object"));
        if (object != null && object.isString()) {
            object = fetched(local, object.asString());
        }
        if (object == null || !object.isObject()) {
            throw new UnreadableDelivery("no-object", false);
        }
        return NoteReading.isSpeech(object) ? said(local, author, object, activity, receivedAt) : List.of();
    }

    private List<Item> said(
            LocalActor local, RemoteActor author, JsonNode object, JsonNode activity, Instant receivedAt)
            throws UnreadableDelivery {
        var note = owned(local, author, object, activity);
        var addressed = isForUs(local, note);
        var items = new ArrayList<Item>();
        items.add(
                item(note, author, addressed, receivedAt, addressed ? images(note.attachments()) : note.attachments()));
        if (note.parent() != null && owns(local, note.parent())) {
            items.add(receipt(note.id(), note.parent(), receivedAt));
        }
        if (addressed && note.audience() != Audience.DIRECT) {
            items.addAll(ancestors(local, note, receivedAt));
        }
        return items;
    }

    /** The fediverse sends no receipts; who answers, likes or shares what we said proves that it arrived. */
    private static Item.Receipt receipt(String by, String ours, Instant at) {
        return new Item.Receipt(by + "#receipt", at, ours, "seen");
    }

    private static Item.Said item(
            NoteReading note, RemoteActor author, boolean addressed, Instant receivedAt, List<Attachment> attachments) {
        return new Item.Said(
                note.id(),
                at(note.published(), receivedAt),
                author.author(),
                note.audience(),
                note.parent(),
                note.text(),
                note.warning(),
                note.language(),
                note.url(),
                addressed,
                attachments,
                Map.of());
    }

    /** A sender's clock is believed about the past, for a while, and never about the future. */
    private static Instant at(@Nullable Instant claimed, Instant receivedAt) {
        return claimed == null || claimed.isAfter(receivedAt) || claimed.isBefore(receivedAt.minus(Duration.ofDays(30)))
                ? receivedAt
                : claimed;
    }

    private static NoteReading owned(LocalActor local, RemoteActor author, JsonNode object, JsonNode activity)
            throws UnreadableDelivery {
        var note = NoteReading.of(object, activity, followers(local, author));
        if (note == null) {
            throw new UnreadableDelivery("no-id-or-author", false);
        }
        if (!note.author().equals(author.id()) || !ActivityJson.sameServer(note.id(), author.id())) {
            throw new UnreadableDelivery("not-the-authors-words", false);
        }
        return note;
    }

    /** The author's, and ours, to whom an answer may be addressed; none where the author's server tells none. */
    private static Set<String> followers(LocalActor local, RemoteActor author) {
        var theirs = author.followers();
        return theirs == null ? Set.of() : Stream.of(theirs, local.followers()).collect(Collectors.toSet());
    }

    /** Ours, and not another account's of the same server: a shared inbox brings both what is meant for one. */
    private boolean owns(LocalActor local, String address) {
        return local.owns(address) && !store.isOfAnother(local, address);
    }

    private boolean isForUs(LocalActor local, NoteReading note) {
        return note.mentions().contains(local.id())
                || note.addressees().contains(local.id())
                || (note.parent() != null && owns(local, note.parent()));
    }

    /** What stands above a reply, nearest first, as context: ours and the known end it, and so does a loop. */
    private List<Item> ancestors(LocalActor local, NoteReading note, Instant receivedAt) {
        var found = new ArrayList<Item>();
        var visited = new HashSet<String>();
        visited.add(note.id());
        var parent = note.parent();
        while (parent != null && found.size() < MOST_ANCESTORS && visited.add(parent)) {
            if (local.owns(parent) || seen.contains(local.system(), local.account(), parent)) {
                break;
            }
            if (!(requests.get(local, parent) instanceof Fetched.Document(var node)) || !NoteReading.isSpeech(node)) {
                break;
            }
            var above = NoteReading.of(node, node, Set.of());
            // Who may read it is told by what is public: no address of followers has to be known for that.
            if (above == null
                    || !above.id().equals(parent)
                    || !ActivityJson.sameServer(above.id(), above.author())
                    || above.audience() == Audience.DIRECT
                    || above.audience() == Audience.FOLLOWERS
                    || !(remotes.find(local, above.author()) instanceof RemoteActors.Found.Known(var author))) {
                break;
            }
            found.add(item(above, author, false, receivedAt, above.attachments()));
            parent = above.parent();
        }
        return found;
    }

    /** Fetches the pictures of a message for us, without what hides in them; what is no picture stays an address. */
    private List<Attachment> images(List<Attachment> attachments) {
        var shown = new ArrayList<Attachment>();
        var fetched = 0;
        for (var each : attachments) {
            var url = each.url();
            if (url != null && each.mediaType().startsWith("image/") && fetched < MOST_IMAGES) {
                fetched++;
                var bytes = requests.file(url, LARGEST_IMAGE);
                var picture = bytes == null ? null : CleanPicture.of(bytes).orElse(null);
                if (picture != null) {
                    shown.add(new Attachment(url, picture.mediaType(), each.description(), picture.content()));
                    continue;
                }
            }
            shown.add(each);
        }
        return shown;
    }

    private List<Item> update(LocalActor local, RemoteActor author, JsonNode activity, Instant receivedAt)
            throws UnreadableDelivery {
        var object = ActivityJson.first(activity.get("object"));
        if (object == null || RemoteActor.isActor(object) || author.id().equals(ActivityJson.idOf(object))) {
            remotes.forget(local, author.id());
            return List.of();
        }
        if (object.isString()) {
            object = fetched(local, object.asString());
        }
        if (!NoteReading.isSpeech(object)) {
            return List.of();
        }
        var note = owned(local, author, object, activity);
        var stamp = note.updated() != null ? note.updated().toString() : ActivityJson.text(activity, "id");
        var addressed = isForUs(local, note);
        var attachments = addressed ? images(note.attachments()) : note.attachments();
        var items = new ArrayList<Item>();
        items.add(new Item.Edited(
                note.id() + "#edited-" + (stamp == null ? receivedAt.toString() : stamp) + "-by-" + author.id(),
                at(note.updated(), receivedAt),
                author.id(),
                note.id(),
                note.text(),
                note.warning(),
                attachments,
                // It may not have been for us before, and so not have come, or not be taken in.
                addressed ? item(note, author, true, receivedAt, attachments) : null));
        if (addressed && note.audience() != Audience.DIRECT) {
            items.addAll(ancestors(local, note, receivedAt));
        }
        return items;
    }

    /**
     * Whoever takes something back must be the one it is attributed to (ActivityPub 6.4, 7.4), whom only the inbox
     * knows: a tombstone does not tell. Moderators need no exception, their servers delete in the author's name.
     */
    private List<Item> delete(LocalActor local, RemoteActor author, JsonNode activity, Instant receivedAt)
            throws UnreadableDelivery {
        var target = ActivityJson.id(activity, "object");
        if (target == null) {
            throw new UnreadableDelivery("no-object", false);
        }
        if (target.equals(author.id())) {
            return List.of(left(local, target, activity, receivedAt));
        }
        if (!ActivityJson.sameServer(target, author.id())) {
            throw new UnreadableDelivery("not-the-authors-words", false);
        }
        // Each one's deletion has a key of its own, so that a stranger's does not stand for the author's.
        return List.of(new Item.Deleted(target + "#deleted-by-" + author.id(), receivedAt, author.id(), target));
    }

    /**
     * An author whose account is erased, here too. Each leaving has a key of its own: who comes back may leave again.
     */
    Item.Left left(LocalActor local, String author, JsonNode activity, Instant receivedAt) {
        remotes.forget(local, author);
        store.unfollow(local, author);
        var id = ActivityJson.text(activity, "id");
        return new Item.Left(author + "#left-" + (id == null ? receivedAt.toString() : id), receivedAt, author);
    }

    private List<Item> follow(LocalActor local, RemoteActor author, JsonNode activity, Instant receivedAt)
            throws UnreadableDelivery {
        if (!local.id().equals(ActivityJson.id(activity, "object"))) {
            return List.of();
        }
        var id = key(activity, author, "follow");
        store.follow(local, author, id);
        switch (sending.accept(local, author, id)) {
            case SendOutcome.Retry(var after, var code) -> throw new UnreadableDelivery(code, true);
            case SendOutcome.Unknown(var code) -> throw new UnreadableDelivery(code, true);
            case SendOutcome.Sent sent -> {}
            case SendOutcome.Refused refused -> {}
            case SendOutcome.ShutOut out -> {}
        }
        return List.of(new Item.Followed(id, receivedAt, author.author(), false));
    }

    private List<Item> undo(LocalActor local, RemoteActor author, JsonNode activity, Instant receivedAt) {
        var undone = ActivityJson.first(activity.get("object"));
        if (undone != null && undone.isString()) {
            var id = undone.asString();
            if (!ActivityJson.sameServer(id, author.id())) {
                return List.of();
            }
            if (store.followedBy(local, author.id(), id)) {
                return unfollowed(local, author, activity, receivedAt);
            }
            // Its server may still tell what it was; what it does not tell is nothing to us.
            undone = requests.get(local, id) instanceof Fetched.Document(var node)
                            && id.equals(ActivityJson.text(node, "id"))
                    ? node
                    : null;
        }
        if (undone == null || !undone.isObject()) {
            return List.of();
        }
        var actor = ActivityJson.id(undone, "actor");
        if (actor != null && !actor.equals(author.id())) {
            return List.of();
        }
        return switch (ActivityJson.type(undone)) {
            case "Follow" -> {
                if (!local.id().equals(ActivityJson.id(undone, "object"))) {
                    yield List.of();
                }
                yield unfollowed(local, author, activity, receivedAt);
            }
            case "Like", "Announce" -> reaction(local, author, undone, receivedAt, true);
            default -> List.of();
        };
    }

    private List<Item> unfollowed(LocalActor local, RemoteActor author, JsonNode activity, Instant receivedAt) {
        store.unfollow(local, author.id());
        return List.of(new Item.Followed(key(activity, author, "undo"), receivedAt, author.author(), true));
    }

    private List<Item> reaction(
            LocalActor local, RemoteActor author, JsonNode activity, Instant receivedAt, boolean undone) {
        var target = ActivityJson.id(activity, "object");
        if (target == null || !owns(local, target)) {
            return List.of();
        }
        var reaction = ActivityJson.type(activity).equals("Like") ? "like" : "boost";
        var key = key(activity, author, reaction);
        var reacted = new Item.Reacted(
                key + (undone ? "#undone" : ""), receivedAt, author.author(), target, reaction, undone);
        return undone ? List.of(reacted) : List.of(reacted, receipt(key, target, receivedAt));
    }

    /** A report of another server's moderators, as a private message of that server: a person must read it. */
    private static List<Item> flag(RemoteActor author, JsonNode activity, Instant receivedAt) {
        var about = String.join("\n", ActivityJson.ids(activity, "object"));
        var content = ActivityJson.text(activity, "content");
        var sender = new Item.Author(author.id(), author.handle(), author.name(), author.profileUrl(), true);
        return List.of(new Item.Said(
                key(activity, author, "flag"),
                receivedAt,
                sender,
                Audience.DIRECT,
                null,
                content == null ? about : PlainText.of(content) + "\n\n" + about,
                null,
                null,
                null,
                true,
                List.of(),
                Map.of()));
    }

    private static String key(JsonNode activity, RemoteActor author, String kind) {
        var id = ActivityJson.text(activity, "id");
        return id != null && ActivityJson.sameServer(id, author.id())
                ? id
                : author.id() + "#" + kind + "-" + ActivityJson.id(activity, "object");
    }

    private JsonNode fetched(LocalActor local, String address) throws UnreadableDelivery {
        return switch (requests.get(local, address)) {
            case Fetched.Document(var node) -> node;
            case Fetched.Gone ignored -> throw new UnreadableDelivery("object-gone", false);
            case Fetched.Absent ignored -> throw new UnreadableDelivery("object-gone", false);
            case Fetched.Failed(var code, var passing) -> throw new UnreadableDelivery(code, passing);
        };
    }
}
