// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.Cases;
import id.kentongan.channel.Account;
import id.kentongan.channel.Audience;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationFilter.Order;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.RefusalException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The month of the imaginary regency, told from its first message to the present in the order in which it happens:
 * citizens write day and night, officers work in office hours, each agency at its own pace, and what is not done by
 * now is left lying. Everything goes through the modules' own verbs.
 */
final class Month {
    static final int DAYS = 30;
    static final int CONVERSATIONS = 680;

    private static final Logger log = LoggerFactory.getLogger(Month.class);
    private static final Duration SLICE = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Of the day's messages, how many parts come in each hour. */
    private static final int[] HOURS = {
        2, 1, 1, 1, 3, 7, 14, 20, 24, 24, 22, 18, 16, 15, 14, 14, 15, 14, 15, 20, 22, 17, 10, 5
    };
    /** Half of an agency's first answers take fewer working hours than this. */
    private static final Map<String, Double> PACE = Map.ofEntries(
            Map.entry("diskominfo", 5.0),
            Map.entry("dpupr", 17.0),
            Map.entry("dukcapil", 6.0),
            Map.entry("dinkes", 9.0),
            Map.entry("dinsos", 13.0),
            Map.entry("disdik", 11.0),
            Map.entry("dishub", 8.0),
            Map.entry("dlh", 10.0),
            Map.entry("bpbd", 2.5),
            Map.entry("pdam", 6.0),
            Map.entry("satpolpp", 10.0),
            Map.entry("dpmptsp", 14.0),
            Map.entry("inspektorat", 22.0));

    /** Who works: the desk in turn, its supervisor, and one liaison officer per agency. */
    record Staff(List<Actor> desk, Actor supervisor, Map<String, Actor> liaison, Map<String, AgencyId> agencies) {}

    private final Actor system;
    private final Staff staff;
    private final Account fediverse;
    private final Account web;
    private final RememberedTime time;
    private final ActorTransactions transactions;
    private final ItemReceiver receiver;
    private final Conversations conversations;
    private final Cases cases;
    private final OfficeHours office;
    private final Instant now;
    private final Words words;
    private final Random random;
    private final Voice voice;
    private final PriorityQueue<Event> ahead =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::order));
    private long order;

    Month(
            Actor system,
            Staff staff,
            Account fediverse,
            Account web,
            RememberedTime time,
            ActorTransactions transactions,
            ItemReceiver receiver,
            Conversations conversations,
            Cases cases,
            OfficeHours office,
            Instant now,
            Words words,
            Random random) {
        this.system = system;
        this.staff = staff;
        this.fediverse = fediverse;
        this.web = web;
        this.time = time;
        this.transactions = transactions;
        this.receiver = receiver;
        this.conversations = conversations;
        this.cases = cases;
        this.office = office;
        this.now = now;
        this.words = words;
        this.random = random;
        this.voice = new Voice(words, random);
    }

    private sealed interface Event {
        Instant at();

        long order();
    }

    private record Saying(Instant at, long order, Story story, ReceivedItem item, boolean first) implements Event {}

    private record Deed(Instant at, long order, Runnable what) implements Event {}

    /** One person and what they brought up. */
    private static final class Story {
        final Words.Subject subject;
        final Words.Line line;
        final Voice.Place place;
        final Account account;
        final Item.Author author;
        final Audience audience;
        final String key;
        int said;
        boolean confidential;
        String last;

        @Nullable
        ConversationId conversation;

        @Nullable
        CaseId found;

        Story(
                Words.Subject subject,
                Words.Line line,
                Voice.Place place,
                Account account,
                Item.Author author,
                Audience audience,
                String key) {
            this.subject = subject;
            this.line = line;
            this.place = place;
            this.account = account;
            this.author = author;
            this.audience = audience;
            this.key = key;
            this.last = key;
        }

        boolean form() {
            return account.network() == Network.WEB;
        }

        boolean secret() {
            return subject.kind() == CaseKind.WHISTLE_BLOWING;
        }

        String agency() {
            var other = line.agency();
            if (other != null) {
                return other;
            }
            var own = subject.agency();
            return own == null ? "diskominfo" : own;
        }
    }

    void live() throws InterruptedException {
        imagine();
        while (!ahead.isEmpty() && !ahead.peek().at().isAfter(now)) {
            switch (ahead.poll()) {
                case Deed deed -> {
                    try {
                        time.at(deed.at(), deed.what());
                    } catch (RefusalException moved) {
                        // Somebody really signed in may have been faster.
                        log.debug("The month went on differently: {}", moved.getMessage());
                    }
                }
                case Saying saying -> {
                    var together = new ArrayList<Saying>();
                    together.add(saying);
                    while (ahead.peek() instanceof Saying next
                            && next.at().isBefore(saying.at().plus(SLICE))
                            && !next.at().isAfter(now)) {
                        together.add(next);
                        ahead.poll();
                    }
                    hear(together);
                }
            }
        }
        staff.desk().forEach(this::read);
        read(staff.supervisor());
    }

    /** What is older than a day has been looked at by those who look into the whole inbox. */
    private void read(Actor officer) {
        var seen = now.minus(Duration.ofHours(20));
        String after = null;
        do {
            var page = conversations.list(officer, ConversationFilter.of(Box.UNANSWERED), after, 200);
            for (var row : page.items()) {
                if (row.lastAt().isBefore(seen)) {
                    conversations.markRead(officer, row.id());
                }
            }
            after = page.next();
        } while (after != null);
    }

    // ---- what people write --------------------------------------------------------------------------------------

    private void imagine() {
        var subjects = new ArrayList<Words.Subject>();
        for (var subject : words.written()) {
            for (var n = 0; n < subject.weight(); n++) {
                subjects.add(subject);
            }
        }
        var today = office.calendar().dayOf(now);
        var storm = office.calendar().plusWorkingDays(today.minusDays(12), 1);
        for (var n = 0; n < CONVERSATIONS; n++) {
            var stormy = n % 22 == 0;
            var subject = stormy ? words.subject(n % 44 == 0 ? "bencana" : "lampu") : any(subjects);
            var at = stormy
                    ? storm.atTime(15, 0)
                            .atZone(office.calendar().zone())
                            .toInstant()
                            .plusMillis(random.nextInt(6 * 3_600_000))
                    : moment(today);
            say(story(subject, n), at);
        }
    }

    /** Somewhere in the month: fewer on days off, most in the morning and after dinner. */
    private Instant moment(LocalDate today) {
        while (true) {
            var day = today.minusDays(random.nextInt(DAYS + 1));
            if (!office.calendar().isWorkingDay(day) && random.nextInt(100) < 42) {
                continue;
            }
            var part = random.nextInt(java.util.Arrays.stream(HOURS).sum());
            var hour = 0;
            while (part >= HOURS[hour]) {
                part -= HOURS[hour++];
            }
            var at = day.atTime(hour, 0)
                    .atZone(office.calendar().zone())
                    .toInstant()
                    .plusMillis(random.nextInt(3_600_000));
            if (at.isBefore(now.minus(Duration.ofMinutes(3))) && at.isAfter(now.minus(Duration.ofDays(DAYS)))) {
                return at;
            }
        }
    }

    private Story story(Words.Subject subject, int n) {
        var district = any(Sukamaju.districts());
        var place = voice.place(district, any(district.villages()));
        var asCase = subject.kind() != null || subject.code().equals("tanya");
        var form = asCase && random.nextInt(100) < (subject.kind() == CaseKind.WHISTLE_BLOWING ? 85 : 34);
        var direct = form || subject.kind() == CaseKind.WHISTLE_BLOWING || random.nextInt(4) == 0;
        var person = Sukamaju.person(random);
        var line = any(subject.lines());
        if (form) {
            var key = "web:imaginary-" + n;
            var author = new Item.Author(key, person.name(), person.name(), null, false);
            return new Story(subject, line, place, web, author, Audience.DIRECT, key);
        }
        // Private words of one person are one conversation, so only those who write in public write again.
        var number = direct ? 1000 + n : random.nextInt(420);
        var known = Sukamaju.person(new Random(number));
        var handle = Sukamaju.handle(known, number);
        var home = handle.substring(handle.indexOf('@', 1) + 1);
        var profile = "https://" + home + "/u/" + number;
        var author = new Item.Author(profile, handle, known.name(), profile, false);
        return new Story(
                subject,
                line,
                place,
                fediverse,
                author,
                direct ? Audience.DIRECT : Audience.PUBLIC,
                "https://" + home + "/s/" + n);
    }

    private void say(Story story, Instant at) {
        var text = voice.opening(story.line, story.place, story.form(), story.subject.kind() != null);
        if (story.audience == Audience.PUBLIC && random.nextBoolean()) {
            text = "@" + fediverse.handle().replaceFirst("^@", "").split("@", 2)[0] + " " + text;
        }
        add(story, at, text, story.form() ? hints(story) : Map.of(), true);
    }

    private void adds(Story story, Instant at, String text) {
        var conversation = story.conversation;
        add(
                story,
                at,
                text,
                story.form() && conversation != null ? Map.of("conversation", conversation.toString()) : Map.of(),
                false);
    }

    private void add(Story story, Instant at, String text, Map<String, String> hints, boolean first) {
        var moment = Instant.ofEpochMilli(at.toEpochMilli());
        var key = first ? story.key : story.key + "-" + ++story.said;
        var language = story.line.manner().contains("jawa")
                ? "jv"
                : story.line.manner().contains("sunda") ? "su" : "id";
        var said = new Item.Said(
                key,
                moment,
                story.author,
                story.audience,
                first || story.audience == Audience.DIRECT ? null : story.last,
                text,
                null,
                language,
                story.form() ? null : key,
                true,
                List.of(),
                hints);
        story.last = key;
        ahead.add(new Saying(
                moment,
                order++,
                story,
                new ReceivedItem(story.account.id(), story.account.network(), new DeliveryId(Ids.at(moment)), said),
                first));
    }

    private Map<String, String> hints(Story story) {
        var kind = story.subject.kind();
        var hints = new HashMap<String, String>();
        hints.put(
                "kind",
                kind == null
                        ? CaseKind.INFORMATION_REQUEST.code()
                        : kind == CaseKind.COMPLAINT_SUPERVISED ? CaseKind.COMPLAINT.code() : kind.code());
        var district = story.place.district();
        var village = story.place.village();
        if (random.nextInt(100) < 88) {
            hints.put("district", district.code());
            hints.put("village", village.code());
            hints.put("landmark", story.place.names().getOrDefault("patokan", ""));
        }
        var latitude = village.latitude();
        var longitude = village.longitude();
        if (random.nextInt(100) < 46 && latitude != null && longitude != null) {
            hints.put("lat", "%.5f".formatted(latitude + (random.nextDouble() - 0.5) * 0.008));
            hints.put("lon", "%.5f".formatted(longitude + (random.nextDouble() - 0.5) * 0.008));
        }
        var dice = random.nextInt(100);
        hints.put(
                "identity",
                story.secret()
                        ? (dice < 60 ? "confidential" : "anonymous")
                        : dice < 76 ? "open" : dice < 96 ? "anonymous" : "confidential");
        hints.put("language", "id");
        return hints;
    }

    /** Takes in what came within a few minutes, waits for the rules to open their cases, and finds them. */
    private void hear(List<Saying> together) throws InterruptedException {
        var last = together.getLast().at().plusSeconds(5);
        time.at(
                last.isAfter(now) ? now : last,
                () -> transactions.run(
                        system,
                        () -> receiver.receive(
                                system, together.stream().map(Saying::item).toList())));
        time.settle(PATIENCE);
        var rows = new HashMap<Instant, ConversationRow>();
        conversations
                .list(
                        system,
                        new ConversationFilter(Box.ALL, null, null, null, Order.NEWEST),
                        null,
                        together.size() + 20)
                .items()
                .forEach(row -> rows.put(row.lastAt(), row));
        for (var saying : together) {
            var row = rows.get(saying.at());
            if (!saying.first() || row == null) {
                continue;
            }
            var story = saying.story();
            story.conversation = row.id();
            var mark = row.mark();
            story.found = mark == null ? null : new CaseId(mark.caseId());
            story.confidential = mark != null && mark.confidential();
            readFirst(story, saying.at());
        }
    }

    // ---- what officers do ---------------------------------------------------------------------------------------

    private void readFirst(Story story, Instant at) {
        var soon = office.after(at.plusSeconds(120), minutes(spread(35, 1.0)));
        if (story.subject.kind() == null && story.found == null) {
            talk(story, at, soon);
            return;
        }
        for (var after = at; random.nextInt(100) < 38; ) {
            after = after.plus(Duration.ofMinutes(60 * (6 + random.nextInt(54)) + random.nextInt(60)));
            later(after, () -> presses(story));
        }
        if (random.nextInt(100) < 2) {
            // Nobody reads it in time: it happens, and the numbers show it.
            return;
        }
        later(soon, () -> handOn(story, soon));
    }

    private void talk(Story story, Instant at, Instant soon) {
        var code = story.subject.code();
        if (code.equals("sampah-kiriman")) {
            later(soon, () -> conversations.finish(desk(story), conversation(story)));
            return;
        }
        var answered = office.after(at, minutes(spread(code.equals("tanya") ? 55 : 150, 1.0)));
        if (random.nextInt(100) < (code.equals("tanya") ? 94 : 80)) {
            later(answered, () -> {
                var lines = story.line.answers().isEmpty() ? story.subject.answers() : story.line.answers();
                reply(desk(story), story, voice.official(lines, story.place, dayAfter(answered)));
                conversations.finish(desk(story), conversation(story));
                if (code.equals("tanya") && random.nextInt(100) < 35) {
                    thanks(story, answered);
                }
            });
        }
    }

    private void reply(Actor officer, Story story, String text) {
        conversations.accessible(officer, conversation(story)).ifPresent(view -> {
            if (!view.replyTargets().isEmpty()) {
                conversations.reply(
                        officer,
                        conversation(story),
                        view.replyTargets().getFirst().code(),
                        text,
                        "demo-" + Ids.next(),
                        null);
            }
        });
    }

    private void thanks(Story story, Instant after) {
        var at = after.plus(minutes(spread(70, 1.0)));
        later(at, () -> {
            adds(story, at.plusSeconds(1), voice.adding(words.subject("puas").texts(), story.place, false));
            var read = office.after(at, minutes(spread(60, 0.8)));
            later(read, () -> conversations.finish(desk(story), conversation(story)));
        });
    }

    private void presses(Story story) {
        var found = story.found;
        if (found == null
                || cases.accessible(system, found)
                        .filter(view -> view.clocks().stream().anyMatch(clock -> clock.metAt() == null))
                        .isEmpty()) {
            return;
        }
        var own = story.subject.pressing();
        var lines =
                own.isEmpty() || random.nextInt(5) < 2 ? words.subject("umum").pressing() : own;
        adds(story, time.instant().plusSeconds(1), voice.adding(lines, story.place, true));
    }

    private void handOn(Story story, Instant at) {
        var officer = desk(story);
        if (story.found == null) {
            story.found = cases.open(
                    officer, conversation(story), kind(story), staff.agencies().get(story.agency()));
        }
        if (random.nextInt(100) < 55) {
            conversations.assign(officer, conversation(story), officer.officer());
        }
        if (random.nextInt(100) < 12) {
            conversations.note(
                    officer,
                    conversation(story),
                    voice.official(words.subject("catatan").texts(), story.place, dayAfter(at)));
        }
        if (kind(story) == CaseKind.COMPLAINT_SUPERVISED) {
            cases.verify(officer, found(story), CaseKind.COMPLAINT_SUPERVISED, version(story));
        }
        var agency = staff.agencies().get(story.agency());
        if (agency == null) {
            throw new IllegalStateException("No agency " + story.agency());
        }
        cases.forward(
                officer,
                found(story),
                agency,
                voice.official(words.subject("disposisi").texts(), story.place, dayAfter(at)),
                version(story));
        var forgets = story.agency().equals("dpupr") || story.agency().equals("inspektorat") ? 7 : 3;
        if (random.nextInt(100) < forgets) {
            return;
        }
        var pace = PACE.getOrDefault(story.agency(), 9.0);
        var answered = office.after(at, minutes(60 * spread(pace, 1.05)));
        later(answered, () -> answer(story, answered));
    }

    private void answer(Story story, Instant at) {
        var officer = staff.liaison().getOrDefault(story.agency(), desk(story));
        var lines = story.line.answers().isEmpty() ? story.subject.answers() : story.line.answers();
        cases.answer(
                officer,
                found(story),
                voice.official(lines, story.place, dayAfter(at)),
                "demo-" + Ids.next(),
                version(story));
        var what = random.nextInt(100);
        if (what < 34) {
            var content = at.plus(minutes(spread(160, 1.0)));
            later(content, () -> {
                adds(
                        story,
                        content.plusSeconds(1),
                        voice.adding(words.subject("puas").texts(), story.place, false));
                var read = office.after(content, minutes(spread(90, 0.8)));
                later(read, () -> close(story, "Warga menyatakan sudah selesai."));
            });
        } else if (what < 43) {
            var again = at.plus(Duration.ofHours(20 + random.nextInt(90)));
            later(again, () -> {
                adds(
                        story,
                        again.plusSeconds(1),
                        voice.adding(words.subject("belum-puas").texts(), story.place, true));
                var second = office.after(again, minutes(60 * spread(9, 0.7)));
                if (random.nextInt(100) < 85) {
                    later(second, () -> {
                        cases.answer(
                                officer,
                                found(story),
                                voice.official(story.subject.answers(), story.place, dayAfter(second)),
                                "demo-" + Ids.next(),
                                version(story));
                        closeLater(story, second);
                    });
                }
            });
        } else if (what < 80) {
            closeLater(story, at);
        }
    }

    private void closeLater(Story story, Instant at) {
        var closed = office.after(at, minutes(60 * (3 + random.nextInt(5)) * OfficeHours.HOURS_A_DAY));
        later(closed, () -> close(story, any(words.subject("alasan-tutup").texts())));
    }

    private void close(Story story, String reason) {
        cases.close(desk(story), found(story), reason, version(story));
        conversations.finish(desk(story), conversation(story));
    }

    private void later(Instant at, Runnable what) {
        ahead.add(new Deed(at, order++, what));
    }

    /** The same officer through one conversation; what is secret goes to the supervisor, who is in the circle. */
    private Actor desk(Story story) {
        return story.secret() || story.confidential
                ? staff.supervisor()
                : staff.desk()
                        .get(Math.floorMod(story.key.hashCode(), staff.desk().size()));
    }

    private static CaseKind kind(Story story) {
        var kind = story.subject.kind();
        return kind == null ? CaseKind.INFORMATION_REQUEST : kind;
    }

    private static CaseId found(Story story) {
        var found = story.found;
        if (found == null) {
            throw new IllegalStateException("No case yet");
        }
        return found;
    }

    private static ConversationId conversation(Story story) {
        var conversation = story.conversation;
        if (conversation == null) {
            throw new IllegalStateException("No conversation yet");
        }
        return conversation;
    }

    private long version(Story story) {
        return cases.accessible(system, found(story)).orElseThrow().version();
    }

    private LocalDate dayAfter(Instant at) {
        return office.calendar().plusWorkingDays(office.calendar().dayOf(at), 1 + random.nextInt(3));
    }

    /** Half are less than the middle, a few are much more. */
    private double spread(double middle, double sigma) {
        return middle * Math.exp(sigma * random.nextGaussian());
    }

    private static Duration minutes(double minutes) {
        return Duration.ofSeconds(Math.max(60, (long) (minutes * 60)));
    }

    private <T> T any(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
