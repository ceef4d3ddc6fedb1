// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a message stands among others, as its header says.
 *
 * @param messageId with its angle brackets, or null for one that has none
 * @param answers what it answers, nearest first
 * @param root the first message of its thread that it names, itself at last
 */
record MailThread(
        @Nullable String messageId,
        List<String> answers,
        @Nullable String root) {
    private static final Pattern ID = Pattern.compile("<[^\\s<>]{1,500}>");
    private static final Pattern ANSWER = Pattern.compile(
            "^\\s*(?:re|aw|sv|bls|balas|balasan|ref)\\s*(?:\\[\\d+])?\\s*:.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern PREFIX = Pattern.compile(
            "^(?:\\s*(?:re|aw|sv|bls|balas|balasan|ref|fw|fwd|wg|ter|terusan)\\s*(?:\\[\\d+])?\\s*:)+\\s*",
            Pattern.CASE_INSENSITIVE);
    private static final int MOST = 50;

    static MailThread of(Mail mail) {
        var own = ids(mail.field("message-id"));
        var messageId = own.isEmpty() ? null : own.getFirst();
        var references = mail.all("references").stream()
                .flatMap(value -> ids(value).stream())
                .toList();
        var answers = new LinkedHashSet<String>();
        mail.all("in-reply-to").forEach(value -> answers.addAll(ids(value).reversed()));
        answers.addAll(references.reversed());
        answers.remove(messageId);
        var nearest = answers.stream().limit(MOST).toList();
        var root = !references.isEmpty() ? references.getFirst() : nearest.isEmpty() ? messageId : nearest.getLast();
        return new MailThread(messageId, nearest, root);
    }

    private static List<String> ids(String value) {
        var found = new ArrayList<String>();
        var matcher = ID.matcher(value);
        while (found.size() < 2 * MOST && matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    boolean isAnswer(String subject) {
        return !answers.isEmpty() || ANSWER.matcher(subject).matches();
    }

    /** The subject without the marks of answering and forwarding. */
    static String topic(String subject) {
        return PREFIX.matcher(subject).replaceFirst("").strip();
    }

    /**
     * The key of a message: its Message-ID, and what it says in short. Devices that write the same Message-ID on
     * everything, and those that would hide a message behind another's, are told apart by the second half.
     *
     * @param arrived when the mailbox took it, which alone tells two messages apart that say nothing of themselves
     */
    String key(Mail mail, String arrived) {
        var digest = sha256();
        for (var name : List.of("from", "date", "subject")) {
            update(digest, mail.field(name));
        }
        mail.leaves().stream().filter(Mail.Leaf::isWords).forEach(leaf -> digest.update(leaf.content()));
        if (messageId != null) {
            return messageId + " " + HexFormat.of().formatHex(digest.digest(), 0, 8);
        }
        update(digest, mail.field("to"));
        update(digest, arrived);
        mail.leaves().stream().filter(leaf -> !leaf.isWords()).forEach(leaf -> digest.update(leaf.content()));
        return "~ " + HexFormat.of().formatHex(digest.digest(), 0, 20);
    }

    /** The Message-ID in such a key, or null. */
    static @Nullable String messageIdOf(@Nullable String key) {
        if (key == null || !key.startsWith("<")) {
            return null;
        }
        var end = key.indexOf('>');
        return end < 0 ? null : key.substring(0, end + 1);
    }

    private static void update(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
