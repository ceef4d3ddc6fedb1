// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.channel.Audience;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.MessageView;
import id.kentongan.inbox.MessageView.Direction;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.WorkCalendar;
import id.kentongan.site.Dates;
import id.kentongan.site.Numbers;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Messages as the thread draws them: by person, with days between, edits and deletions shown, delivery in words. */
@Component
class Threads {
    /** What a browser may draw by itself; anything else is only offered for keeping. */
    static final Set<String> PICTURES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    private static final Pattern SECRET_LINK = Pattern.compile("(/lacak/r/|/nilai/)[A-Za-z0-9_-]+");

    private final Dates dates;
    private final Numbers numbers;
    private final Failures failures;
    private final Say say;

    Threads(Dates dates, Numbers numbers, Failures failures, Say say) {
        this.failures = failures;
        this.dates = dates;
        this.numbers = numbers;
        this.say = say;
    }

    /** @param kind day, new, event or message */
    record Entry(String kind, String text, @Nullable Message message) {}

    /**
     * @param side theirs, ours or note
     * @param where audience in words
     * @param warning the author's content warning, or null; the words stand folded below it
     * @param status delivery in words, or null
     * @param advice what to do when it failed, or null
     * @param change address below which it can be corrected and withdrawn, or null
     * @param changed what became of its newest correction or withdrawal, in words, or null
     * @param folded what a letter repeats or signs with
     * @param hidden what it hid
     * @param notes how it came, in words
     */
    record Message(
            String id,
            String side,
            String author,
            String where,
            Instant at,
            @Nullable String edited,
            boolean gone,
            String text,
            @Nullable String warning,
            List<String> earlier,
            List<Attached> files,
            @Nullable StateMark status,
            @Nullable String advice,
            @Nullable String url,
            String label,
            @Nullable String correct,
            @Nullable String withdraw,
            @Nullable StateMark changed,
            String folded,
            String hidden,
            List<String> notes) {}

    record Attached(String href, boolean picture, String description, String size) {}

    /**
     * @param around audience of the conversation
     * @param lastRead what arrived later is marked as new, or null to mark nothing
     */
    List<Entry> entries(
            People people,
            ConversationId conversation,
            List<MessageView> messages,
            String contact,
            Audience around,
            WorkCalendar calendar,
            @Nullable Instant lastRead) {
        var entries = new ArrayList<Entry>();
        LocalDate day = null;
        var marked = lastRead == null;
        for (var each : messages) {
            var its = calendar.dayOf(each.at());
            if (!its.equals(day)) {
                entries.add(new Entry("day", dates.day(its), null));
                day = its;
            }
            if (!marked
                    && lastRead != null
                    && each.direction() == Direction.IN
                    && Ids.timeOf(each.id().value()).isAfter(lastRead)) {
                entries.add(new Entry("new", say.it("desk.thread.new"), null));
                marked = true;
            }
            entries.add(new Entry("message", "", message(people, conversation, each, contact, around)));
        }
        return entries;
    }

    Message message(People people, ConversationId conversation, MessageView each, String contact, Audience around) {
        var side = side(each.direction());
        var author = author(people, each, contact);
        var status = each.status();
        var editedAt = each.editedAt();
        var change = each.change();
        var edited = side.equals("ours") ? "desk.message.corrected" : "desk.message.edited";
        return new Message(
                each.id().toString(),
                side,
                author,
                where(each, around),
                each.at(),
                editedAt == null ? null : say.it(edited, dates.near(editedAt)),
                each.text() == null || each.withdrawn(),
                text(each),
                each.warning() == null || each.warning().isBlank() ? null : each.warning(),
                earlier(each).map(Threads::withoutSecrets).toList(),
                files(conversation, each, author),
                status == null ? null : status(status),
                advice(change != null && change.state() != OutgoingStatus.State.SENT ? change : status),
                web(each.url() != null ? each.url() : status == null ? null : status.url()),
                say.it("desk.message.label." + side, author, dates.near(each.at())),
                each.correctable() ? address(conversation, each) + "/ubah" : null,
                each.withdrawable() ? address(conversation, each) + "/tarik" : null,
                change == null ? null : changed(each, status(change)),
                withoutSecrets(each.beside().folded()),
                withoutSecrets(each.beside().hidden()),
                each.beside().notes().stream().map(this::note).toList());
    }

    /** A code with its facts, in words. */
    private String note(String note) {
        var parts = note.split("\t");
        var facts = new ArrayList<Object>();
        for (var n = 1; n < parts.length; n++) {
            facts.add(n == 2 && parts[n].matches("[0-9]{1,15}") ? numbers.bytes(Long.parseLong(parts[n])) : parts[n]);
        }
        return say.it("desk.note." + parts[0], facts.toArray());
    }

    private static String address(ConversationId conversation, MessageView each) {
        return "/desk/percakapan/" + conversation + "/pesan/" + each.id();
    }

    private StateMark changed(MessageView each, StateMark status) {
        return new StateMark(
                status.kind(),
                status.icon(),
                say.it(each.withdrawn() ? "desk.message.withdrawal" : "desk.message.correction", status.text()));
    }

    /** What we withdrew stays to be read, folded. */
    private static Stream<String> earlier(MessageView each) {
        var text = each.text();
        return each.withdrawn() && text != null
                ? Stream.concat(each.earlier().stream(), Stream.of(text))
                : each.earlier().stream();
    }

    private static String side(Direction direction) {
        return switch (direction) {
            case IN -> "theirs";
            case OUT -> "ours";
            case NOTE -> "note";
        };
    }

    private String author(People people, MessageView each, String contact) {
        if (each.direction() == Direction.IN) {
            return each.authorName().isBlank() ? contact : each.authorName();
        }
        if (each.automatic()) {
            return say.it("desk.message.automatic");
        }
        var name = people.name(each.officer());
        return name.isBlank() ? say.it("desk.message.us") : name;
    }

    /** Said where it differs from the conversation's own, and on everything we said. */
    private String where(MessageView each, Audience around) {
        return each.direction() == Direction.NOTE || (each.direction() == Direction.IN && each.audience() == around)
                ? ""
                : say.it("desk.audience." + each.audience().name().toLowerCase(Locale.ROOT));
    }

    private String text(MessageView each) {
        var text = each.text();
        var deletedAt = each.deletedAt();
        if (each.withdrawn() && deletedAt != null) {
            return say.it("desk.message.withdrawn", dates.near(deletedAt));
        }
        if (text != null) {
            return withoutSecrets(text);
        }
        return deletedAt == null ? say.it("desk.message.gone") : say.it("desk.message.deleted", dates.near(deletedAt));
    }

    /**
     * Whoever holds a reporter's link acts as the reporter, and whoever holds the one of the rating rates in their
     * name: our own messages show officers that there was one.
     */
    static String withoutSecrets(String text) {
        return SECRET_LINK.matcher(text).replaceAll("$1…");
    }

    private List<Attached> files(ConversationId conversation, MessageView each, String author) {
        return each.files().stream()
                .map(file -> {
                    var picture = PICTURES.contains(file.mediaType());
                    var description = file.description();
                    return new Attached(
                            "/desk/percakapan/" + conversation + "/berkas/" + each.id() + "/" + file.index(),
                            picture,
                            description == null || description.isBlank()
                                    ? say.it(picture ? "desk.message.picture" : "desk.message.file", author)
                                    : description,
                            numbers.bytes(file.size()));
                })
                .toList();
    }

    private StateMark status(OutgoingStatus status) {
        return switch (status.state()) {
            case QUEUED -> new StateMark("quiet", "clock", say.it("desk.status.queued"));
            case SENDING -> new StateMark("quiet", "clock", say.it("desk.status.sending"));
            case SENT -> {
                var confirmed = status.confirmedAt();
                yield new StateMark(
                        "good",
                        "check",
                        confirmed == null
                                ? say.it("desk.status.sent")
                                : say.it("desk.status.confirmed", time(confirmed)));
            }
            case RETRY -> new StateMark("waiting", "clock", say.it("desk.status.retry", status.attempts()));
            case REFUSED -> new StateMark("late", "warning", say.it("desk.status.refused", reason(status)));
            case UNKNOWN -> new StateMark("waiting", "question", say.it("desk.status.unknown"));
        };
    }

    /** "pukul 08.11 WIB" on the same day, the day with it on others. */
    private String time(Instant at) {
        var near = dates.near(at);
        return dates.full(at).startsWith(dates.day(dates.today()))
                ? dates.full(at).substring(dates.day(dates.today()).length()).strip()
                : near;
    }

    private @Nullable String advice(@Nullable OutgoingStatus status) {
        if (status == null) {
            return null;
        }
        return switch (status.state()) {
            case REFUSED -> say.it("desk.status.refused-advice");
            case UNKNOWN -> say.it("desk.status.unknown-advice");
            case RETRY -> say.it("desk.status.retry-advice", reason(status));
            case QUEUED, SENDING, SENT -> null;
        };
    }

    private String reason(OutgoingStatus status) {
        return failures.words(status.code());
    }

    /** Only addresses of the web become links. */
    private static @Nullable String web(@Nullable String url) {
        return url != null && (url.startsWith("https://") || url.startsWith("http://")) ? url : null;
    }

    /** What the audience is called below a name: "Komentar publik". */
    String audience(Audience audience) {
        return say.it("desk.audience." + audience.name().toLowerCase(Locale.ROOT));
    }
}
