// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Outgoing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The documents we publish, as maps that become JSON. */
final class ActivityDocuments {
    static final String STREAMS = "https://www.w3.org/ns/activitystreams";
    static final String PUBLIC = STREAMS + "#Public";
    private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s<>\"]*[^\\s<>\".,;:!?)\\]]");

    private ActivityDocuments() {}

    static Map<String, Object> actor(LocalActor local) {
        var document = new LinkedHashMap<String, Object>();
        document.put(
                "@context",
                List.of(
                        STREAMS,
                        "https://w3id.org/security/v1",
                        Map.of(
                                "toot", "http://joinmastodon.org/ns#",
                                "discoverable", "toot:discoverable",
                                "manuallyApprovesFollowers", "as:manuallyApprovesFollowers")));
        document.put("id", local.id());
        document.put("type", "Organization");
        document.put("preferredUsername", local.name());
        document.put("name", local.displayName());
        document.put("summary", html(local.summary()));
        document.put("url", local.base() + "/");
        document.put("inbox", local.inbox());
        document.put("outbox", local.outbox());
        document.put("followers", local.followers());
        document.put("following", local.following());
        document.put("manuallyApprovesFollowers", false);
        document.put("discoverable", true);
        document.put("endpoints", Map.of("sharedInbox", local.sharedInbox()));
        document.put("publicKey", Map.of("id", local.keyId(), "owner", local.id(), "publicKeyPem", local.pem()));
        return document;
    }

    /**
     * @param attached its attachments under addresses others can fetch
     * @param published when it was first sent: a repetition says the same
     * @param updated when it was last changed, or null
     */
    static Map<String, Object> note(
            LocalActor local,
            UUID id,
            Outgoing outgoing,
            List<Attachment> attached,
            Instant published,
            @Nullable Instant updated) {
        var note = new LinkedHashMap<String, Object>();
        note.put("id", local.note(id));
        note.put("type", "Note");
        note.put("attributedTo", local.id());
        var recipient = outgoing.recipient();
        var mention = recipient == null ? null : recipient.key();
        note.put("to", to(local, outgoing.audience(), mention));
        note.put("cc", cc(local, outgoing.audience(), mention));
        if (outgoing.inReplyTo() != null) {
            note.put("inReplyTo", outgoing.inReplyTo());
        }
        note.put("published", published.toString());
        if (updated != null) {
            note.put("updated", updated.toString());
        }
        var content = recipient == null ? html(outgoing.text()) : withMention(recipient, outgoing.text());
        note.put("content", content);
        note.put("contentMap", Map.of(outgoing.language(), content));
        note.put("sensitive", outgoing.warning() != null);
        if (outgoing.warning() != null) {
            note.put("summary", outgoing.warning());
        }
        if (outgoing.audience() == Audience.PUBLIC || outgoing.audience() == Audience.UNLISTED) {
            note.put("url", local.note(id));
        }
        note.put(
                "tag",
                recipient == null
                        ? List.of()
                        : List.of(Map.of("type", "Mention", "href", recipient.key(), "name", recipient.handle())));
        var attachments = new ArrayList<Map<String, Object>>();
        for (var attachment : attached) {
            if (attachment.url() != null) {
                var document = new LinkedHashMap<String, Object>();
                document.put("type", "Document");
                document.put("mediaType", attachment.mediaType());
                document.put("url", attachment.url());
                document.put("name", attachment.description() == null ? "" : attachment.description());
                attachments.add(document);
            }
        }
        note.put("attachment", attachments);
        return note;
    }

    static Map<String, Object> create(LocalActor local, Map<String, Object> note) {
        var activity = new LinkedHashMap<String, Object>();
        activity.put("id", text(note.get("id")) + "/activity");
        activity.put("type", "Create");
        activity.put("actor", local.id());
        activity.put("published", note.get("published"));
        activity.put("to", note.get("to"));
        activity.put("cc", note.get("cc"));
        activity.put("object", note);
        return activity;
    }

    /** The note without whom it was said to and what of theirs it answers; the words stay. */
    static String withoutPerson(String json, String person) {
        var note = (ObjectNode) ActivityJson.MAPPER.readTree(json);
        note.remove("inReplyTo");
        note.putArray("tag");
        for (var field : List.of("to", "cc")) {
            var others = ActivityJson.ids(note, field);
            others.remove(person);
            var kept = note.putArray(field);
            others.forEach(kept::add);
        }
        var content = ActivityJson.text(note, "content");
        if (content != null) {
            var plain = MENTION.matcher(content).replaceAll("");
            note.put("content", plain);
            if (note.get("contentMap") instanceof ObjectNode languages) {
                languages.properties().stream()
                        .map(Map.Entry::getKey)
                        .toList()
                        .forEach(language -> languages.put(language, plain));
            }
        }
        return ActivityJson.MAPPER.writeValueAsString(note);
    }

    private static final Pattern MENTION = Pattern.compile("<span class=\"h-card\">.*?</span> ?");

    /** What an inbox is told about a note, as the note stands now. */
    static Map<String, Object> about(LocalActor local, FederationStore.Note kept, ServerDeliveries.Activity activity) {
        var note = map(kept);
        return withContext(
                switch (activity) {
                    case Create -> create(local, note);
                    case Update -> {
                        var update = create(local, note);
                        update.put("id", text(note.get("id")) + "#update-" + text(note.get("updated")));
                        update.put("type", "Update");
                        yield update;
                    }
                    case Delete -> {
                        var delete = create(local, note);
                        delete.put("id", text(note.get("id")) + "#delete");
                        delete.put("type", "Delete");
                        delete.put("object", Map.of("id", local.note(kept.id()), "type", "Tombstone"));
                        yield delete;
                    }
                });
    }

    /** How the account calls and describes itself from now on. */
    static Map<String, Object> introduction(LocalActor local, Instant at) {
        var update = new LinkedHashMap<String, Object>();
        update.put("id", local.id() + "#update-" + at.toEpochMilli());
        update.put("type", "Update");
        update.put("actor", local.id());
        update.put("to", List.of(PUBLIC));
        update.put("cc", List.of(local.followers()));
        update.put("object", actor(local));
        return withContext(update);
    }

    static Map<String, Object> map(FederationStore.Note note) {
        var map = new LinkedHashMap<String, Object>();
        ActivityJson.MAPPER
                .readTree(note.json())
                .properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue()));
        return map;
    }

    private static String text(@Nullable Object value) {
        return value instanceof JsonNode node ? node.asString("") : String.valueOf(value);
    }

    static Map<String, Object> accept(LocalActor local, String followId, String follower) {
        var follow = Map.of("id", followId, "type", "Follow", "actor", follower, "object", local.id());
        return withContext(Map.of(
                "id",
                local.id() + "#accept-"
                        + UUID.nameUUIDFromBytes(followId.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                "type",
                "Accept",
                "actor",
                local.id(),
                "to",
                List.of(follower),
                "object",
                follow));
    }

    static Map<String, Object> withContext(Map<String, Object> document) {
        var whole = new LinkedHashMap<String, Object>();
        whole.put("@context", List.of(STREAMS, Map.of("sensitive", "as:sensitive")));
        whole.putAll(document);
        return whole;
    }

    static Map<String, Object> tombstone(String id) {
        return withContext(Map.of("id", id, "type", "Tombstone"));
    }

    /** As Mastodon has it, which is how every server tells the four apart: the one mentioned is in {@code cc}. */
    private static List<String> to(LocalActor local, Audience audience, @Nullable String mention) {
        return switch (audience) {
            case PUBLIC -> List.of(PUBLIC);
            case UNLISTED, FOLLOWERS -> List.of(local.followers());
            case DIRECT -> mention == null ? List.of() : List.of(mention);
        };
    }

    private static List<String> cc(LocalActor local, Audience audience, @Nullable String mention) {
        return switch (audience) {
            case PUBLIC -> with(local.followers(), mention);
            case UNLISTED -> with(PUBLIC, mention);
            case FOLLOWERS -> mention == null ? List.of() : List.of(mention);
            case DIRECT -> List.of();
        };
    }

    private static List<String> with(String first, @Nullable String second) {
        return second == null ? List.of(first) : List.of(first, second);
    }

    private static String withMention(Outgoing.Recipient recipient, String text) {
        var body = html(text);
        return body.startsWith("<p>") ? "<p>" + mention(recipient) + " " + body.substring(3) : mention(recipient);
    }

    private static String mention(Outgoing.Recipient recipient) {
        return "<span class=\"h-card\"><a href=\"" + escaped(recipient.key()) + "\" class=\"u-url mention\">"
                + escaped(recipient.handle()) + "</a></span>";
    }

    /** Plain text as paragraphs, with its web addresses as links. */
    static String html(String text) {
        if (text.isBlank()) {
            return "";
        }
        var paragraphs = new StringBuilder();
        for (var paragraph : text.strip().split("\\R{2,}")) {
            paragraphs.append("<p>");
            var at = 0;
            var matcher = ADDRESS.matcher(paragraph);
            while (matcher.find()) {
                paragraphs.append(lines(paragraph.substring(at, matcher.start())));
                var address = escaped(matcher.group());
                paragraphs.append("<a href=\"").append(address).append("\" rel=\"nofollow noopener\">");
                paragraphs.append(address).append("</a>");
                at = matcher.end();
            }
            paragraphs.append(lines(paragraph.substring(at))).append("</p>");
        }
        return paragraphs.toString();
    }

    private static String lines(String text) {
        return escaped(text).replaceAll("\\R", "<br>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
