// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseView;
import id.kentongan.casework.ClockKind;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.channel.TextLimit;
import id.kentongan.inbox.ConversationView;
import id.kentongan.inbox.ConversationView.ClosedTarget;
import id.kentongan.inbox.ConversationView.ReplyTarget;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Draft;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Refusal;
import id.kentongan.site.Dates;
import id.kentongan.site.FormErrors;
import id.kentongan.site.Numbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The reply box: where the answer will appear, who reads it, how long it may be, and the words so far. */
@Component
class Replies {
    static final String NOTE = "note";
    private static final List<TextLimit> NOTE_LIMITS = List.of(TextLimit.characters(Conversations.LONGEST_NOTE));
    private static final int AT_HAND = 2;
    private static final List<String> VARIABLES = List.of("{nama}", "{nomor}", "{dinas}", "{batas}");

    private final Conversations conversations;
    private final Dates dates;
    private final Numbers numbers;
    private final Say say;

    Replies(Conversations conversations, Dates dates, Numbers numbers, Say say) {
        this.conversations = conversations;
        this.dates = dates;
        this.numbers = numbers;
        this.say = say;
    }

    /**
     * @param key the form's own key: posted twice, it answers once; and the window that its draft is known by
     * @param from version of the draft that stands in it, or empty
     * @param others what the officer has written here in other windows
     * @param version what the answer is written against
     * @param conflict what happened meanwhile, or null
     * @param closed where no answer is taken any more, a sentence each
     * @param answering the case that waits for its answer, or null
     */
    record Reply(
            List<Target> targets,
            String chosen,
            String text,
            String key,
            String from,
            List<Other> others,
            long version,
            List<Canned> canned,
            List<Canned> moreCanned,
            FormErrors errors,
            @Nullable String writing,
            @Nullable String conflict,
            List<PictureField> pictures,
            List<String> closed,
            @Nullable Answering answering) {
        /** For the page: what is wrong with a picture is said above the form too. */
        public boolean wrongPicture() {
            return errors.all().stream()
                    .anyMatch(each ->
                            !each.field().equals("text") && !each.field().equals("answers"));
        }

        /** For the page: the fields lie open once there is something in them. */
        public boolean picturesOpen() {
            return wrongPicture()
                    || pictures.stream().anyMatch(each -> !each.words().isBlank());
        }
    }

    /** @param when it was written, in words */
    record Other(String window, String version, String text, String when) {}

    /**
     * The case beside the conversation: what is written here is its answer only when the officer says so.
     *
     * @param version of the case, as the page showed it
     * @param offered whether that can be said here, or only on the page of the case: its reporter is somebody else
     * @param checked whether it was said
     */
    record Answering(String id, String number, long version, boolean offered, boolean checked) {}

    /** A place for a picture. @param words what it shows, as typed before */
    record PictureField(int number, String words) {}

    /**
     * @param readers who will read it, in words
     * @param open whether that is anybody
     * @param limits for the page's script: how many, of what; "5000:CODE_POINTS"
     */
    record Target(
            String code,
            String label,
            String icon,
            String readers,
            String advice,
            boolean open,
            String limits,
            String mostText,
            String button,
            int mostPictures) {}

    /** @param text with its variables filled in */
    record Canned(String id, String title, String text) {}

    /** What the officer had in the form when it came back. */
    record Written(
            @Nullable String text,
            @Nullable String target,
            @Nullable String key,
            @Nullable String from,
            FormErrors errors,
            @Nullable String conflict,
            List<String> pictureWords,
            boolean answersCase) {
        static Written nothing() {
            return new Written(null, null, null, null, FormErrors.none(), null, List.of(), false);
        }
    }

    Reply reply(
            Actor actor,
            People people,
            ConversationView view,
            @Nullable CaseView found,
            String contact,
            Written written,
            long version,
            @Nullable Answering answering) {
        var targets = new ArrayList<Target>();
        view.replyTargets().forEach(each -> targets.add(target(each, contact)));
        targets.add(new Target(
                NOTE,
                say.it("desk.reply.note"),
                "lock",
                say.it("desk.reply.note-readers"),
                say.it("desk.reply.note-advice"),
                false,
                limits(NOTE_LIMITS),
                most(NOTE_LIMITS),
                say.it("desk.reply.note-save"),
                0));
        var wanted = written.target();
        var chosen = targets.stream()
                .map(Target::code)
                .filter(code -> code.equals(wanted))
                .findFirst()
                .orElse(targets.getFirst().code());
        var canned = canned(actor, people, found, found == null ? view.row().contactName() : found.reporterName());
        var text = written.text();
        var key = written.key() == null ? Ids.next().toString() : written.key();
        var draft = text == null && !view.drafts().isEmpty() ? view.drafts().getFirst() : null;
        var from = draft == null ? written.from() : draft.version().toString();
        return new Reply(
                targets,
                chosen,
                text != null ? text : draft == null ? "" : draft.text(),
                key,
                from == null ? "" : from,
                others(view.drafts().stream()
                        .filter(each -> !each.equals(draft))
                        .filter(each -> !each.window().toString().equals(key))
                        .toList()),
                version,
                canned.stream().limit(AT_HAND).toList(),
                canned.stream().skip(AT_HAND).toList(),
                written.errors(),
                writing(people, view),
                written.conflict(),
                pictures(targets, written.pictureWords()),
                view.closedTargets().stream().map(this::closed).toList(),
                answering);
    }

    List<Other> others(List<Draft> drafts) {
        return drafts.stream()
                .map(each -> new Other(
                        each.window().toString(), each.version().toString(), each.text(), dates.near(each.savedAt())))
                .toList();
    }

    private String closed(ClosedTarget each) {
        return say.it(
                each.audience() == Audience.DIRECT ? "desk.reply.closed-private" : "desk.reply.closed-public",
                say.it("desk.network." + each.network().code()),
                dates.near(each.since()));
    }

    private static String limits(List<TextLimit> limits) {
        return limits.stream()
                .map(each -> each.most() + ":" + each.unit().name())
                .collect(Collectors.joining(","));
    }

    private String most(List<TextLimit> limits) {
        var first = limits.getFirst();
        return say.it(
                first.unit() == TextLimit.Unit.UTF8_BYTES ? "desk.reply.most-bytes" : "site.count-most",
                numbers.whole(first.most()));
    }

    private static List<PictureField> pictures(List<Target> targets, List<String> words) {
        var most = targets.stream().mapToInt(Target::mostPictures).max().orElse(0);
        return IntStream.rangeClosed(1, most)
                .mapToObj(number -> new PictureField(number, number <= words.size() ? words.get(number - 1) : ""))
                .toList();
    }

    /** "Budi sedang menulis di sini", or null. */
    @Nullable
    String writing(People people, ConversationView view) {
        var names = view.others().stream()
                .map(people::name)
                .filter(name -> !name.isBlank())
                .toList();
        return names.isEmpty() ? null : say.it("desk.reply.writing", String.join(", ", names));
    }

    private Target target(ReplyTarget each, String contact) {
        var network = each.network() == Network.WEB ? "web" : "other";
        var name = say.it("desk.network." + each.network().code());
        var open = each.audience() == Audience.PUBLIC || each.audience() == Audience.UNLISTED;
        var audience = each.audience().name().toLowerCase(java.util.Locale.ROOT);
        var where = network.equals("web") ? "web" : audience;
        var advice = say.it(open ? "desk.reply.advice.open" : "desk.reply.advice.closed");
        var until = each.openUntil();
        var limits = each.answering().text();
        return new Target(
                each.code(),
                say.it("desk.reply.to." + where, name, contact),
                InboxLists.icon(each.network()),
                say.it("desk.reply.readers." + where, contact),
                until == null ? advice : say.it("desk.reply.until", advice, dates.near(until)),
                open,
                limits(limits),
                most(limits),
                say.it(
                        "desk.reply.send." + (where.equals("direct") ? "direct" : where.equals("web") ? "web" : "open"),
                        name),
                each.mostPictures());
    }

    private List<Canned> canned(Actor actor, People people, @Nullable CaseView found, String name) {
        var citizen = name.isBlank() ? say.it("desk.reply.citizen") : name;
        return conversations.cannedAnswers(actor).stream()
                .map(each ->
                        new Canned(each.id().toString(), each.title(), filled(each.text(), people, found, citizen)))
                .toList();
    }

    /** What stands in braces is for an officer to fill in: nobody is sent it. */
    static void refuseUnfilled(String text) {
        for (var variable : VARIABLES) {
            if (text.contains(variable)) {
                throw Refusal.invalid("desk.reply.unfilled", variable).asException();
            }
        }
    }

    /** Unknown variables stay visible and are refused when sent, so that nobody sends an empty place. */
    private String filled(String text, People people, @Nullable CaseView found, String citizen) {
        var filled = text.replace("{nama}", citizen);
        if (found != null) {
            filled = filled.replace("{nomor}", found.publicNumber());
            var agency = people.agency(found.agency());
            if (agency != null) {
                filled = filled.replace("{dinas}", agency);
            }
            var due = found.clocks().stream()
                    .filter(each -> each.kind() != ClockKind.VERIFY)
                    .filter(each -> each.metAt() == null && each.heldAt() == null)
                    .min(Comparator.comparing(id.kentongan.casework.Clock::dueAt));
            if (due.isPresent()) {
                filled = filled.replace("{batas}", dates.day(due.get().dueOn()));
            }
        }
        return filled;
    }
}
