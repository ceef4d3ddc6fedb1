// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message as it was read, whatever it was made of.
 *
 * @param fields the header, names in lower case, each with its values as they stand, topmost first
 * @param from who says they wrote it, or null
 * @param replyTo where answers are wished to go, or null
 * @param to addresses it names as its readers, at most a few hundred
 * @param recipients how many it names
 * @param leaves its parts without parts of their own, in order
 * @param complete whether all of its parts could be read
 */
record Mail(
        Map<String, List<String>> fields,
        @Nullable Address from,
        @Nullable Address replyTo,
        List<Address> to,
        int recipients,
        List<Leaf> leaves,
        boolean complete) {

    /** @param address in lower case @param name as its owner writes it, or empty */
    record Address(String address, String name) {}

    /**
     * @param mediaType as it claims, in lower case
     * @param charset as it claims, or null
     * @param fileName decoded, without anything of a path, or null
     * @param attached whether its sender marks it as a file
     * @param flowed whether lines that end with a space go on (RFC 3676)
     * @param alternatives the choices it is one of, outermost first
     * @param content decoded
     * @param omitted bytes that were left out, as they were sent
     */
    record Leaf(
            String mediaType,
            @Nullable String charset,
            @Nullable String fileName,
            boolean attached,
            boolean flowed,
            boolean inReport,
            List<Choice> alternatives,
            byte[] content,
            long omitted) {
        boolean isWords() {
            return !attached && fileName == null && (mediaType.equals("text/plain") || mediaType.equals("text/html"));
        }

        boolean isMarkup() {
            return mediaType.equals("text/html");
        }
    }

    /** One of several forms of the same. @param group which of the message's choices @param branch which form */
    record Choice(int group, int branch) {}

    /** The first value of a field, or empty. */
    String field(String name) {
        var values = fields.get(name.toLowerCase(Locale.ROOT));
        return values == null ? "" : values.getFirst();
    }

    Optional<String> given(String name) {
        return Optional.ofNullable(fields.get(name.toLowerCase(Locale.ROOT))).map(List::getFirst);
    }

    List<String> all(String name) {
        return fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }
}
