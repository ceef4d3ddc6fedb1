// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What somebody said, out of a Note or anything like it (Article, Page, Question, Video, ChatMessage, Event ...). */
record NoteReading(
        String id,
        String author,
        @Nullable String parent,
        String text,
        @Nullable String warning,
        @Nullable String language,
        @Nullable String url,
        @Nullable Instant published,
        @Nullable Instant updated,
        Audience audience,
        Set<String> addressees,
        Set<String> mentions,
        List<Attachment> attachments) {
    private static final Set<String> SPEECH = Set.of(
            "Note", "Article", "Page", "Question", "ChatMessage", "Event", "Video", "Audio", "Image", "Document");
    private static final int MOST_ATTACHMENTS = 8;

    static boolean isSpeech(JsonNode object) {
        return SPEECH.contains(ActivityJson.type(object));
    }

    /**
     * The note, or null when it lacks its id or author.
     *
     * @param around the activity that brought it, or the note itself: some servers address only the activity
     * @param followers the collections by which its author addresses followers, or none when its author tells none
     */
    static @Nullable NoteReading of(JsonNode object, JsonNode around, Set<String> followers) {
        var id = ActivityJson.text(object, "id");
        var author = author(object);
        if (id == null || author == null || ActivityJson.address(id) == null) {
            return null;
        }
        var addressed = ActivityJson.ids(object, "to", "cc").isEmpty() ? around : object;
        var addressees = ActivityJson.ids(addressed, "to", "cc", "bto", "bcc", "audience");
        var mentions = mentions(object);
        return new NoteReading(
                id,
                author,
                ActivityJson.id(object, "inReplyTo"),
                words(object),
                warning(object),
                language(object),
                url(object),
                ActivityJson.time(object, "published"),
                ActivityJson.time(object, "updated"),
                audience(addressed, followers),
                addressees,
                mentions,
                attachments(object));
    }

    /**
     * Who can read it: public in {@code to}, unlisted in {@code cc}, followers by their collection, else direct. What is
     * none of these is taken for the narrowest, so that no answer is wider than the question.
     */
    private static Audience audience(JsonNode object, Set<String> followers) {
        var to = ActivityJson.ids(object, "to");
        var cc = ActivityJson.ids(object, "cc");
        if (to.stream().anyMatch(ActivityJson::isPublic)) {
            return Audience.PUBLIC;
        }
        if (cc.stream().anyMatch(ActivityJson::isPublic)) {
            return Audience.UNLISTED;
        }
        return Stream.concat(to.stream(), cc.stream())
                        .anyMatch(each -> followers.isEmpty() ? namesFollowers(each) : followers.contains(each))
                ? Audience.FOLLOWERS
                : Audience.DIRECT;
    }

    /** By its address, where the author's own server does not tell which it is. */
    private static boolean namesFollowers(String address) {
        return address.endsWith("/followers") || address.endsWith("/subscribers");
    }

    private static @Nullable String author(JsonNode object) {
        for (var each : ActivityJson.list(object.get("attributedTo"))) {
            var id = ActivityJson.idOf(each);
            // PeerTube names its channel (a Group) beside the person.
            if (id != null && !(each.isObject() && ActivityJson.type(each).equals("Group"))) {
                return id;
            }
        }
        var actor = ActivityJson.id(object, "actor");
        return actor != null ? actor : ActivityJson.id(object, "attributedTo");
    }

    private static String words(JsonNode object) {
        var name = ActivityJson.text(object, "name");
        var content = content(object);
        if (content == null) {
            return name == null ? "" : PlainText.of(name);
        }
        var plain = isPlain(object) ? content.strip() : PlainText.of(content);
        return name == null || ActivityJson.type(object).equals("Note") ? plain : PlainText.of(name) + "\n\n" + plain;
    }

    private static boolean isPlain(JsonNode object) {
        var type = ActivityJson.text(object, "mediaType");
        return type != null && (type.startsWith("text/plain") || type.startsWith("text/markdown"));
    }

    private static @Nullable String content(JsonNode object) {
        var content = ActivityJson.text(object, "content");
        if (content != null) {
            return content;
        }
        var map = object.get("contentMap");
        if (map != null && map.isObject()) {
            for (var entry : map.properties()) {
                if (entry.getValue().isString()) {
                    return entry.getValue().asString();
                }
            }
        }
        return null;
    }

    private static @Nullable String warning(JsonNode object) {
        var summary = ActivityJson.text(object, "summary");
        if (summary != null && (isSensitive(object) || ActivityJson.type(object).equals("Note"))) {
            return PlainText.of(summary);
        }
        return null;
    }

    private static boolean isSensitive(JsonNode object) {
        return object.path("sensitive").asBoolean(false);
    }

    private static @Nullable String language(JsonNode object) {
        var map = object.get("contentMap");
        if (map != null && map.isObject() && map.size() == 1) {
            return tag(map.properties().iterator().next().getKey());
        }
        var language = object.get("language");
        if (language != null && language.isObject()) {
            var identifier = ActivityJson.text(language, "identifier");
            return identifier == null ? null : tag(identifier);
        }
        var named = ActivityJson.text(object, "language");
        return named == null ? null : tag(named);
    }

    private static @Nullable String tag(String language) {
        return language.matches("[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*") && !language.equals("und") ? language : null;
    }

    private static @Nullable String url(JsonNode object) {
        for (var each : ActivityJson.list(object.get("url"))) {
            var address = ActivityJson.idOf(each);
            var html = !each.isObject() || "text/html".equals(ActivityJson.text(each, "mediaType"));
            if (html && ActivityJson.address(address) != null) {
                return address;
            }
        }
        return null;
    }

    private static Set<String> mentions(JsonNode object) {
        var mentions = new java.util.LinkedHashSet<String>();
        for (var tag : ActivityJson.list(object.get("tag"))) {
            var href =
                    tag.isObject() && ActivityJson.type(tag).equals("Mention") ? ActivityJson.text(tag, "href") : null;
            if (href != null) {
                mentions.add(href);
            }
        }
        return mentions;
    }

    private static List<Attachment> attachments(JsonNode object) {
        var found = new ArrayList<Attachment>();
        for (var each : ActivityJson.list(object.get("attachment"))) {
            if (!each.isObject() || found.size() == MOST_ATTACHMENTS) {
                continue;
            }
            var address = ActivityJson.id(each, "url");
            address = address != null ? address : ActivityJson.text(each, "href");
            var mediaType = ActivityJson.text(each, "mediaType");
            if (mediaType == null && ActivityJson.type(each).equals("Image")) {
                mediaType = "image/*";
            }
            if (mediaType == null || ActivityJson.address(address) == null) {
                continue;
            }
            var name = ActivityJson.text(each, "name");
            name = name != null ? name : ActivityJson.text(each, "summary");
            found.add(new Attachment(address, mediaType, name == null ? null : PlainText.of(name), null));
        }
        return List.copyOf(found);
    }
}
