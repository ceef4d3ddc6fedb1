// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.internal.email.Mail.Address;
import id.kentongan.channel.internal.email.Mail.Choice;
import id.kentongan.channel.internal.email.Mail.Leaf;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.kernel.Actor;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.james.mime4j.field.DateTimeFieldLenientImpl;
import org.apache.james.mime4j.stream.RawField;
import org.jspecify.annotations.Nullable;

/** What a message says to us. */
final class MailReading {
    /** Delivery headers the mailbox adds to the raw message. */
    static final String ARRIVED = "arrived";

    static final String CUT = "cut";

    /** A sender's clock that is off by more than this tells no time. */
    private static final Duration CLOCKS = Duration.ofDays(7);

    /** Without any of these it is something else. */
    private static final Set<String> LETTERS =
            Set.of("from", "to", "date", "subject", "message-id", "received", "return-path", "mime-version");

    private static final int FOLDED = 50_000;
    private static final int SUBJECT = 300;
    private static final int REFERENCES = 20;
    private static final int MANY = 50;

    private final Actor actor;
    private final String address;
    private final Collection<String> ours;
    private final String trusted;
    private final OwnIds ids;
    private final Mail mail;
    private final MailThread thread;
    private final Instant arrived;
    private final List<String> notes = new ArrayList<>();
    private final String key;

    private MailReading(
            Actor actor, String address, Collection<String> ours, String trusted, OwnIds ids, RawDelivery delivery) {
        this.actor = actor;
        this.address = address;
        this.ours = ours;
        this.trusted = trusted;
        this.ids = ids;
        this.mail = MailParsing.parse(delivery.body(), MailLimits.USUAL);
        this.thread = MailThread.of(mail);
        var stamp = delivery.headers().getOrDefault(ARRIVED, "");
        this.arrived = instant(stamp).orElse(delivery.receivedAt());
        this.key = thread.key(mail, stamp);
        if (delivery.headers().containsKey(CUT) || !mail.complete()) {
            notes.add(MailNotes.of(MailNotes.CUT));
        }
    }

    /**
     * @param address of the account it came to
     * @param ours addresses of all the tenant's accounts
     * @param trusted the name of our mail server in its own findings, or empty
     */
    static List<Item> read(
            Actor actor, String address, Collection<String> ours, String trusted, OwnIds ids, RawDelivery delivery)
            throws UnreadableDelivery {
        var reading = new MailReading(actor, address, ours, trusted, ids, delivery);
        if (LETTERS.stream().noneMatch(reading.mail.fields()::containsKey)) {
            throw new UnreadableDelivery("mail-not-a-letter", false);
        }
        return reading.items();
    }

    private static Optional<Instant> instant(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private List<Item> items() {
        if (isOurOwn()) {
            return List.of();
        }
        var kind = AutomaticMail.of(mail);
        if (kind == AutomaticMail.REPORT) {
            return returned();
        }
        return List.of(said(kind));
    }

    /** What we sent ourselves comes back by lists, forwarding rules and our own copies. */
    private boolean isOurOwn() {
        var messageId = thread.messageId();
        return messageId != null
                        && ours.stream()
                                .anyMatch(each ->
                                        ids.named(actor, each, messageId).isPresent())
                || mail.all("x-loop").stream().anyMatch(each -> ours.contains(each.toLowerCase(Locale.ROOT)));
    }

    /** A report about what we never sent is nobody's word, and nothing is made of it. */
    private List<Item> returned() {
        var report = DeliveryReport.of(mail);
        return report.about().stream()
                .flatMap(each -> ids.named(actor, address, each).stream())
                .findFirst()
                .filter(about -> report.last())
                .map(about -> List.<Item>of(
                        new Item.Returned(key, at(), ids.messageId(actor, address, about), report.code())))
                .orElse(List.of());
    }

    private Item said(AutomaticMail kind) {
        var proof = SenderProof.of(mail, trusted);
        var author = author(kind, proof);
        var answered = answered();
        var subject = subject();
        var files = MailFiles.of(mail);
        var attachments = new ArrayList<>(files.kept());
        var words = words(attachments);
        notes.addAll(files.notes());
        notesOn(kind, proof);
        var hints = new LinkedHashMap<String, String>();
        hint(hints, Item.Said.SUBJECT, MailThread.topic(subject));
        hint(hints, Item.Said.FOLDED, cut(words.folded(), FOLDED));
        hint(hints, Item.Said.HIDDEN, cut(words.hidden(), FOLDED));
        hint(hints, Item.Said.NOTES, String.join("\n", notes));
        hint(hints, Item.Said.REFERENCES, references());
        var parent = answered.map(id -> ids.messageId(actor, address, id)).orElse(null);
        return new Item.Said(
                key,
                at(),
                author,
                Audience.DIRECT,
                parent,
                text(subject, words.words(), attachments),
                null,
                language(),
                null,
                // An answer that a program gave to ours only stands there: nobody waits for an answer to it.
                kind != AutomaticMail.ANSWER || parent == null,
                attachments,
                hints,
                author.key() + " " + root());
    }

    // ---- who, when, and where it belongs ----------------------------------------------------------------------------

    private Item.Author author(AutomaticMail kind, SenderProof proof) {
        var from = Stream.of(Optional.ofNullable(mail.from()), one("sender"), one("return-path"))
                .flatMap(Optional::stream)
                .findFirst();
        if (from.isEmpty()) {
            notes.add(MailNotes.of(MailNotes.NO_SENDER));
            // Somebody who cannot be answered; two such messages are not by the same person for all we know.
            return new Item.Author("mail:?" + key, "", MailParsing.words(cut(mail.field("from"), 100)), null, true);
        }
        var who = from.get();
        var automated = kind != AutomaticMail.NONE || proof == SenderProof.DISPROVEN || ours.contains(who.address());
        // What claims a sender who disowns it is no word of that sender's, and adds nothing to what they said.
        var prefix = proof == SenderProof.DISPROVEN ? "unproven:" : "mail:";
        return new Item.Author(prefix + who.address(), who.address(), who.name(), null, automated);
    }

    private Optional<Address> one(String field) {
        return mail.all(field).stream()
                .flatMap(value -> MailParsing.addresses(value).stream())
                .findFirst();
    }

    private Instant at() {
        return sent().filter(at -> Duration.between(at, arrived).abs().compareTo(CLOCKS) < 0)
                .orElse(arrived);
    }

    private Optional<Instant> sent() {
        var date = mail.field("date");
        if (date.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(DateTimeFieldLenientImpl.PARSER
                            .parse(new RawField("Date", cut(date, 100)), null)
                            .getDate())
                    .map(java.util.Date::toInstant);
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Which of ours it answers: by the address it was sent to, by what it says it answers. */
    private Optional<OutgoingId> answered() {
        return Stream.concat(
                        mail.to().stream().flatMap(to -> ids.answered(actor, address, to.address()).stream()),
                        thread.answers().stream().flatMap(each -> ids.named(actor, address, each).stream()))
                .findFirst();
    }

    private String root() {
        var root = thread.root();
        return root == null ? key : root;
    }

    private String references() {
        var all = new ArrayList<>(thread.answers().reversed());
        return String.join(" ", all.subList(Math.max(0, all.size() - REFERENCES), all.size()));
    }

    private @Nullable String language() {
        var tag = mail.field("content-language").split("[,;\\s]", 2)[0];
        return tag.matches("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*") ? tag.toLowerCase(Locale.ROOT) : null;
    }

    private void notesOn(AutomaticMail kind, SenderProof proof) {
        if (proof == SenderProof.DISPROVEN) {
            notes.add(MailNotes.of(MailNotes.SENDER_DISPROVEN));
        }
        if (kind != AutomaticMail.NONE) {
            notes.add(MailNotes.of(MailNotes.AUTOMATIC));
        }
        if (mail.recipients() > MANY) {
            notes.add(MailNotes.of(MailNotes.MANY_READERS, mail.recipients()));
        }
        var replyTo = mail.replyTo();
        var from = mail.from();
        if (replyTo != null && from != null && !replyTo.address().equals(from.address())) {
            notes.add(MailNotes.of(MailNotes.ANSWERS_ELSEWHERE, replyTo.address()));
        }
    }

    // ---- its words --------------------------------------------------------------------------------------------------

    private record Words(String words, String folded, String hidden) {}

    private Words words(List<Attachment> attachments) {
        var text = new StringBuilder();
        var hidden = new StringBuilder();
        for (var leaf : shown()) {
            var decoded = Charsets.decode(leaf.content(), leaf.charset());
            if (!decoded.sure()) {
                notes.add(MailNotes.of(MailNotes.GUESSED_CHARSET));
                attachments.add(new Attachment(
                        null, "application/octet-stream", leaf.isMarkup() ? "asli.html" : "asli.txt", leaf.content()));
            }
            if (leaf.omitted() > 0) {
                notes.add(MailNotes.of(MailNotes.CUT));
            }
            var words = decoded.text();
            if (leaf.isMarkup()) {
                var seen = HtmlWords.of(words);
                words = seen.words();
                hidden.append(hidden.isEmpty() || seen.hidden().isEmpty() ? "" : "\n")
                        .append(seen.hidden());
            } else if (leaf.flowed()) {
                words = FlowedText.joined(words);
            }
            text.append(text.isEmpty() ? "" : "\n\n").append(plain(words));
        }
        if (!hidden.isEmpty()) {
            notes.add(MailNotes.of(MailNotes.HIDDEN_WORDS));
        }
        var split = QuotedWords.of(cut(text.toString(), 2 * MailLimits.WORDS));
        if (split.words().length() > MailLimits.WORDS) {
            notes.add(MailNotes.of(MailNotes.CUT));
        }
        return new Words(cut(split.words(), MailLimits.WORDS), split.folded(), plain(hidden.toString()));
    }

    /** Of several forms of the same, the plain one, when there is anything in it. */
    private List<Leaf> shown() {
        var best = new HashMap<Integer, Choice>();
        var worth = new HashMap<Integer, Integer>();
        for (var leaf : mail.leaves()) {
            var value = !leaf.isWords() || isBlank(leaf) ? 0 : leaf.isMarkup() ? 1 : 2;
            for (var choice : leaf.alternatives()) {
                if (value > worth.getOrDefault(choice.group(), 0)) {
                    worth.put(choice.group(), value);
                    best.put(choice.group(), choice);
                }
            }
        }
        return mail.leaves().stream()
                .filter(Leaf::isWords)
                .filter(leaf -> leaf.alternatives().stream()
                        .allMatch(choice -> choice.equals(best.getOrDefault(choice.group(), choice))))
                .toList();
    }

    private static boolean isBlank(Leaf leaf) {
        var text = Charsets.decode(leaf.content(), leaf.charset()).text();
        return leaf.isMarkup() ? HtmlWords.of(text).words().isBlank() : text.isBlank();
    }

    private static String plain(String text) {
        return text.replace("\r\n", "\n")
                .replace('\r', '\n')
                .replace('\u00a0', ' ')
                .replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "")
                .replaceAll("[\u202a-\u202e\u2066-\u2069]", "")
                .replaceAll("(?m)[ \\t]+$", "")
                .replaceAll("\\n{3,}", "\n\n")
                .strip();
    }

    private String subject() {
        return cut(plain(MailParsing.words(mail.field("subject"))).replace('\n', ' '), SUBJECT);
    }

    /** A new matter is named by its subject; an answer repeats it. */
    private String text(String subject, String words, List<Attachment> attachments) {
        var topic = MailThread.topic(subject);
        var named = !topic.isEmpty() && !thread.isAnswer(subject);
        if (words.isEmpty()) {
            var names = attachments.stream()
                    .map(Attachment::description)
                    .filter(name -> name != null)
                    .reduce("", (a, b) -> a.isEmpty() ? b : a + ", " + b);
            return !topic.isEmpty() ? topic : names.isEmpty() ? "…" : names;
        }
        return named && !startsWith(words, topic) ? topic + "\n\n" + words : words;
    }

    private static boolean startsWith(String words, String topic) {
        return words.regionMatches(true, 0, topic, 0, topic.length());
    }

    private static void hint(Map<String, String> hints, String name, String value) {
        if (!value.isBlank()) {
            hints.put(name, value);
        }
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}
