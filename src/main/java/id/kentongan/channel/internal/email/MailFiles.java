// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.channel.Attachment;
import id.kentongan.channel.CleanPicture;
import id.kentongan.channel.internal.email.Mail.Leaf;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.tika.Tika;
import org.jspecify.annotations.Nullable;

/**
 * The files of a message. What each is, its content says, not its name; pictures are drawn anew, and nothing is
 * unpacked. What is too much or too large is left out and named.
 */
final class MailFiles {
    private static final Tika TYPES = new Tika();
    private static final String UNKNOWN = "application/octet-stream";
    private static final long TOGETHER = 20_000_000;
    /** A picture of a few bytes only tells its sender that the message was opened. */
    private static final int TRACE = 200;

    private static final Set<String> SIGNATURES =
            Set.of("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature");

    private final List<Attachment> kept = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long bytes;

    private MailFiles() {}

    /** @param notes what is missing, see {@link MailNotes} */
    record Files(List<Attachment> kept, List<String> notes) {}

    static Files of(Mail mail) {
        var files = new MailFiles();
        for (var leaf : mail.leaves()) {
            if (!leaf.isWords() && !SIGNATURES.contains(leaf.mediaType()) && !isReport(leaf)) {
                files.take(leaf);
            }
        }
        return new Files(List.copyOf(files.kept), List.copyOf(files.notes));
    }

    private static boolean isReport(Leaf leaf) {
        return leaf.inReport()
                && Set.of("message/delivery-status", "message/rfc822", "text/rfc822-headers")
                        .contains(leaf.mediaType());
    }

    private void take(Leaf leaf) {
        var name = name(leaf);
        if (leaf.omitted() > 0) {
            // As they are sent, three bytes of a file are four.
            notes.add(MailNotes.of(MailNotes.FILE_TOO_LARGE, name, leaf.omitted() * 3 / 4));
            return;
        }
        var content = leaf.content();
        var type = TYPES.detect(content, name);
        if (content.length == 0 && leaf.attached()) {
            notes.add(MailNotes.of(MailNotes.FILE_EMPTY, name));
        }
        if (content.length == 0 || (!leaf.attached() && type.startsWith("image/") && content.length < TRACE)) {
            return;
        }
        if (kept.size() >= MailLimits.FILES || bytes + content.length > TOGETHER) {
            notes.add(MailNotes.of(MailNotes.FILE_TOO_MANY, name, content.length));
            return;
        }
        bytes += content.length;
        kept.add(attachment(type, name, content));
    }

    static Attachment attachment(String type, @Nullable String name, byte[] content) {
        if (type.startsWith("image/")) {
            var picture = CleanPicture.of(content);
            // One that cannot be drawn is kept as a file, and shown by nobody's browser.
            return picture.map(clean -> new Attachment(null, clean.mediaType(), name, clean.content()))
                    .orElseGet(() -> new Attachment(null, UNKNOWN, name, content));
        }
        return new Attachment(null, type, name, content);
    }

    static String type(byte[] content, @Nullable String name) {
        return name == null ? TYPES.detect(content) : TYPES.detect(content, name);
    }

    private static String name(Leaf leaf) {
        var name = leaf.fileName();
        if (name != null) {
            return name;
        }
        return leaf.mediaType().equals("message/rfc822")
                ? "surel.eml"
                : leaf.mediaType().replace('/', '-');
    }
}
