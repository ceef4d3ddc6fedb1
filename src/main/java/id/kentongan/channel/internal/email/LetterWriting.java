// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.channel.Account;
import id.kentongan.channel.Letter;
import id.kentongan.channel.Outgoing;
import id.kentongan.kernel.Actor;
import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.UnsupportedEncodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An answer as a letter that every program shows, and that no program answers by itself. */
final class LetterWriting {
    private static final Pattern LINK = Pattern.compile("https?://[^\\s<>\"]+[^\\s<>\".,;:!?)]");
    private static final Pattern NUMBER = Pattern.compile("\\s*\\[KTG-\\d{4}-\\d+]");
    private static final Letter PLAIN = new Letter("", null, List.of(), false, null);

    private final OwnIds ids;

    LetterWriting(OwnIds ids) {
        this.ids = ids;
    }

    /** @param marked whether answers may be asked for at an address with a mark */
    MimeMessage write(
            Session session,
            Actor actor,
            Account account,
            String address,
            boolean marked,
            Outgoing outgoing,
            Instant now)
            throws MessagingException {
        var recipient = Objects.requireNonNull(outgoing.recipient(), "a letter has a reader");
        var letter = outgoing.letter() == null ? PLAIN : outgoing.letter();
        var messageId = ids.messageId(actor, address, outgoing.id());
        var message = new Named(session, messageId);
        message.setFrom(named(address, account.name()));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(recipient.handle(), false));
        if (marked) {
            var reply = ids.replyAddress(actor, address, outgoing.id());
            if (reply.isPresent()) {
                message.setReplyTo(new InternetAddress[] {named(reply.get(), account.name())});
            }
        }
        message.setSubject(subject(letter, outgoing.inReplyTo() != null, account.name()), "UTF-8");
        message.setSentDate(Date.from(now));
        thread(message, outgoing.inReplyTo(), letter.before());
        message.setHeader("Content-Language", outgoing.language());
        message.setHeader("X-Loop", address);
        if (letter.automatic()) {
            // What an out-of-office program of any maker looks for before it answers (RFC 3834 and before).
            message.setHeader("Auto-Submitted", outgoing.inReplyTo() == null ? "auto-generated" : "auto-replied");
            message.setHeader("X-Auto-Response-Suppress", "All");
        }
        var unsubscribe = letter.unsubscribe();
        if (unsubscribe != null) {
            message.setHeader("List-Unsubscribe", "<" + unsubscribe + ">");
            message.setHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
            message.setHeader("Precedence", "list");
        }
        content(message, outgoing);
        message.saveChanges();
        return message;
    }

    /** Its Message-ID is ours: an answer finds by it what it answers, and a second sending is the same letter. */
    private static final class Named extends MimeMessage {
        private final String messageId;

        Named(Session session, String messageId) {
            super(session);
            this.messageId = messageId;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", messageId);
        }
    }

    private static InternetAddress named(String address, String name) throws MessagingException {
        try {
            return new InternetAddress(address, name, "UTF-8");
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The number of the case stays in it, whatever its reader's program makes of the rest. */
    static String subject(Letter letter, boolean answers, String office) {
        var topic = NUMBER.matcher(MailThread.topic(letter.subject()))
                .replaceAll("")
                .strip();
        var number = letter.number() == null ? "" : " [" + letter.number() + "]";
        return (topic.isEmpty() ? office : (answers ? "Re: " : "") + topic) + number;
    }

    private static void thread(MimeMessage message, @Nullable String answered, List<String> before)
            throws MessagingException {
        var parent = MailThread.messageIdOf(answered);
        var references = new LinkedHashSet<>(before);
        if (parent != null) {
            message.setHeader("In-Reply-To", parent);
            references.remove(parent);
            references.add(parent);
        }
        if (!references.isEmpty()) {
            // One a line: no line of a header grows beyond what servers take.
            message.setHeader("References", String.join("\r\n ", references));
        }
    }

    private static void content(MimeMessage message, Outgoing outgoing) throws MessagingException {
        var words = new MimeMultipart("alternative");
        words.addBodyPart(text(FlowedText.flowed(outgoing.text()), "text/plain; charset=utf-8; format=flowed"));
        words.addBodyPart(text(html(outgoing.text(), outgoing.language()), "text/html; charset=utf-8"));
        var files = files(outgoing);
        if (files.isEmpty()) {
            message.setContent(words);
            return;
        }
        var all = new MimeMultipart("mixed");
        var body = new MimeBodyPart();
        body.setContent(words);
        all.addBodyPart(body);
        for (var file : files) {
            all.addBodyPart(file);
        }
        message.setContent(all);
    }

    private static MimeBodyPart text(String text, String type) throws MessagingException {
        var part = new MimeBodyPart();
        part.setDataHandler(
                new DataHandler(new ByteArrayDataSource(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), type)));
        part.setHeader("Content-Type", type);
        part.setHeader("Content-Transfer-Encoding", "quoted-printable");
        return part;
    }

    private static List<MimeBodyPart> files(Outgoing outgoing) throws MessagingException {
        var parts = new ArrayList<MimeBodyPart>();
        for (var file : outgoing.attachments()) {
            var content = file.content();
            if (content == null) {
                continue;
            }
            var part = new MimeBodyPart();
            part.setDataHandler(new DataHandler(new ByteArrayDataSource(content, file.mediaType())));
            part.setFileName("lampiran-" + (parts.size() + 1) + ending(file.mediaType()));
            var description = file.description();
            if (description != null && !description.isBlank()) {
                part.setDescription(description, "UTF-8");
            }
            part.setDisposition("attachment");
            parts.add(part);
        }
        return parts;
    }

    private static String ending(String mediaType) {
        return switch (mediaType) {
            case "image/jpeg" -> ".jpg";
            case "image/webp" -> ".webp";
            case "application/pdf" -> ".pdf";
            default -> "";
        };
    }

    /** The same words with paragraphs and links, and nothing else: no picture, no style, nothing that is fetched. */
    static String html(String text, String language) {
        var out = new StringBuilder("<!doctype html>\n<html lang=\"")
                .append(escaped(language.toLowerCase(Locale.ROOT)))
                .append("\"><body>\n");
        for (var paragraph : text.strip().split("\\n\\s*\\n")) {
            out.append("<p>").append(linked(paragraph)).append("</p>\n");
        }
        return out.append("</body></html>\n").toString();
    }

    private static String linked(String paragraph) {
        var out = new StringBuilder();
        var links = LINK.matcher(paragraph);
        var at = 0;
        while (links.find()) {
            var link = escaped(links.group());
            out.append(lines(paragraph.substring(at, links.start())))
                    .append("<a href=\"")
                    .append(link)
                    .append("\">")
                    .append(link)
                    .append("</a>");
            at = links.end();
        }
        return out.append(lines(paragraph.substring(at))).toString();
    }

    private static String lines(String text) {
        return escaped(text).replace("\n", "<br>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
