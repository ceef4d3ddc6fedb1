// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.channel.OutgoingId;
import id.kentongan.kernel.Actor;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.commons.codec.binary.Base32;

/**
 * The names that our own messages have in mail: a Message-ID, and an address for answers. Both are signed with a key of
 * the tenant, so that an answer finds what it answers without a list to look in, and nobody makes one up. They never
 * expire: what was said stays said.
 */
final class OwnIds {
    private static final int MAC = 8;
    private static final Pattern MESSAGE = Pattern.compile("<?ktg\\.([a-z2-7]{39})@[^\\s<>@]+>?");
    private static final Pattern DETAIL = Pattern.compile("[^+]+\\+ktg-([a-z2-7]{39})@[^@]+");
    private static final int LONGEST_LOCAL = 64;
    /** Letters and digits that survive any change of case. */
    private static final Base32 LETTERS = new Base32();

    private final Signing signing;

    OwnIds(Signing signing) {
        this.signing = signing;
    }

    /** The tenant's keyed hash of a value. */
    interface Signing {
        byte[] of(Actor actor, String value);
    }

    /** With its angle brackets. @param address of the account */
    String messageId(Actor actor, String address, OutgoingId id) {
        return "<ktg." + token(actor, address, id) + "@" + domain(address) + ">";
    }

    /** {@code layanan+ktg-…@sukamaju.example}, or empty where the address leaves no room. */
    Optional<String> replyAddress(Actor actor, String address, OutgoingId id) {
        var local = address.substring(0, address.lastIndexOf('@'));
        var detailed = local + "+ktg-" + token(actor, address, id);
        return detailed.length() > LONGEST_LOCAL || local.contains("+")
                ? Optional.empty()
                : Optional.of(detailed + "@" + domain(address));
    }

    /** Which of our messages a Message-ID names; empty for one that we did not make. */
    Optional<OutgoingId> named(Actor actor, String address, String messageId) {
        var found = MESSAGE.matcher(messageId.strip().toLowerCase(Locale.ROOT));
        return found.matches() ? opened(actor, address, found.group(1)) : Optional.empty();
    }

    /** Which of our messages an address was given with. */
    Optional<OutgoingId> answered(Actor actor, String address, String to) {
        var found = DETAIL.matcher(to.strip().toLowerCase(Locale.ROOT));
        return found.matches() ? opened(actor, address, found.group(1)) : Optional.empty();
    }

    private String token(Actor actor, String address, OutgoingId id) {
        var bytes = ByteBuffer.allocate(16 + MAC)
                .putLong(id.value().getMostSignificantBits())
                .putLong(id.value().getLeastSignificantBits())
                .put(mac(actor, address, id), 0, MAC)
                .array();
        return LETTERS.encodeAsString(bytes).replace("=", "").toLowerCase(Locale.ROOT);
    }

    private Optional<OutgoingId> opened(Actor actor, String address, String token) {
        var bytes = LETTERS.decode(token.toUpperCase(Locale.ROOT));
        if (bytes.length != 16 + MAC) {
            return Optional.empty();
        }
        var buffer = ByteBuffer.wrap(bytes);
        var id = new OutgoingId(new UUID(buffer.getLong(), buffer.getLong()));
        var claimed = Arrays.copyOfRange(bytes, 16, 16 + MAC);
        return MessageDigest.isEqual(claimed, Arrays.copyOf(mac(actor, address, id), MAC))
                ? Optional.of(id)
                : Optional.empty();
    }

    private byte[] mac(Actor actor, String address, OutgoingId id) {
        return signing.of(actor, address + ":" + id);
    }

    private static String domain(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }
}
