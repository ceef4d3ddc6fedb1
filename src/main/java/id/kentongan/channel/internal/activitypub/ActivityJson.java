// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads ActivityStreams as servers really write it: an object or its id, one value or a list, alone or wrapped.
 * JSON-LD contexts are not expanded; the fediverse's common short names are what is read.
 */
final class ActivityJson {
    static final int LARGEST = 1_048_576;
    private static final int DEEPEST = 64;
    /** A megabyte of empty objects would be a tree of thirty; what servers really write has some hundreds. */
    private static final int MOST_TOKENS = 50_000;

    private static final Set<String> PUBLIC =
            Set.of("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public");
    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxTokenCount(MOST_TOKENS)
                            .maxStringLength(LARGEST)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .build();

    private ActivityJson() {}

    /** Why a body could not be read. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;
        private final String code;

        Unreadable(String code) {
            super(code, null, false, false);
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    static JsonNode parse(byte[] body) throws Unreadable {
        if (body.length > LARGEST) {
            throw new Unreadable("too-large");
        }
        try {
            var node = MAPPER.readTree(body);
            if (node == null || !node.isObject()) {
                throw new Unreadable("not-an-object");
            }
            return node;
        } catch (StreamConstraintsException e) {
            throw new Unreadable("too-deep");
        } catch (JacksonException e) {
            throw new Unreadable("not-json");
        }
    }

    /** The field's text; of a list the first; null when absent, empty or no text. */
    static @Nullable String text(JsonNode node, String field) {
        var value = first(node.get(field));
        return value != null && value.isString() && !value.asString().isEmpty() ? value.asString() : null;
    }

    static String type(JsonNode node) {
        var type = text(node, "type");
        return type == null ? "" : type;
    }

    /** The id of what the field holds, be it an id, an object, a link or a list of them (the first). */
    static @Nullable String id(JsonNode node, String field) {
        return idOf(first(node.get(field)));
    }

    static @Nullable String idOf(@Nullable JsonNode value) {
        if (value == null) {
            return null;
        }
        if (value.isString()) {
            return value.asString().isEmpty() ? null : value.asString();
        }
        var id = text(value, "id");
        return id != null ? id : text(value, "href");
    }

    static @Nullable JsonNode first(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isArray()) {
            return value;
        }
        return value.isEmpty() ? null : first(value.get(0));
    }

    static List<JsonNode> list(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            return List.of(value);
        }
        var nodes = new ArrayList<JsonNode>();
        value.forEach(nodes::add);
        return nodes;
    }

    static Set<String> ids(JsonNode node, String... fields) {
        var ids = new LinkedHashSet<String>();
        for (var field : fields) {
            for (var each : list(node.get(field))) {
                var id = idOf(each);
                if (id != null) {
                    ids.add(id);
                }
            }
        }
        return ids;
    }

    static boolean isPublic(String address) {
        return PUBLIC.contains(address);
    }

    static @Nullable Instant time(JsonNode node, String field) {
        var text = text(node, field);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The address when it is http or https with a host, else null. */
    static @Nullable URI address(@Nullable String text) {
        if (text == null || text.length() > 2048) {
            return null;
        }
        try {
            var uri = new URI(text);
            var web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null && uri.getRawUserInfo() == null ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Whether both are web addresses of one server: the same host and port. */
    static boolean sameServer(@Nullable String one, @Nullable String other) {
        var first = address(one);
        var second = address(other);
        return first != null && second != null && first.getRawAuthority().equalsIgnoreCase(second.getRawAuthority());
    }

    static String withoutFragment(String address) {
        var hash = address.indexOf('#');
        return hash < 0 ? address : address.substring(0, hash);
    }
}
