// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.channel.Account;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.spi.ReceivedItem;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Who brings up what on which day: the same every time, but for its dates. */
final class Scenario {
    static final int DAYS = 30;
    static final int CONVERSATIONS = 680;
    private static final long SEED = 20261124;
    /** Of the day's messages, how many parts come in each hour. */
    private static final int[] HOURS = {
        2, 1, 1, 1, 3, 7, 14, 20, 24, 24, 22, 18, 16, 15, 14, 14, 15, 14, 15, 20, 22, 17, 10, 5
    };
    /** Those who write in public write again; private words of one person are one conversation. */
    private static final int KNOWN = 420;

    private final Words words;
    private final Voice voice;
    private final OfficeHours office;
    private final Account fediverse;
    private final Account web;

    Scenario(Words words, Voice voice, OfficeHours office, Account fediverse, Account web) {
        this.words = words;
        this.voice = voice;
        this.office = office;
        this.fediverse = fediverse;
        this.web = web;
    }

    /** The first words of a story. */
    record Opening(Story story, ReceivedItem item) {
        Instant at() {
            return item.item().at();
        }
    }

    List<Opening> openings(int conversations, Instant now) {
        var subjects = new ArrayList<Words.Subject>();
        for (var subject : words.written()) {
            for (var n = 0; n < subject.weight(); n++) {
                subjects.add(subject);
            }
        }
        var today = office.calendar().dayOf(now);
        var storm = office.calendar().plusWorkingDays(today.minusDays(12), 1);
        var all = new ArrayList<Opening>();
        var throwing = new Random(SEED);
        for (var n = 0; n < conversations; n++) {
            var dice = new Random(throwing.nextLong());
            var stormy = n % 22 == 0;
            var subject = stormy
                    ? words.subject(n % 44 == 0 ? "bencana" : "lampu")
                    : subjects.get(dice.nextInt(subjects.size()));
            var at = stormy
                    ? storm.atTime(15, 0)
                            .atZone(office.calendar().zone())
                            .toInstant()
                            .plusMillis(dice.nextInt(6 * 3_600_000))
                    : moment(dice, today, now);
            all.add(opening(story(dice, subject, n), at.truncatedTo(ChronoUnit.MILLIS)));
        }
        return all;
    }

    /** Somewhere in the month: fewer on days off, most in the morning and after dinner. */
    private Instant moment(Random dice, LocalDate today, Instant now) {
        while (true) {
            var day = today.minusDays(dice.nextInt(DAYS + 1));
            if (!office.calendar().isWorkingDay(day) && dice.nextInt(100) < 42) {
                continue;
            }
            var part = dice.nextInt(Arrays.stream(HOURS).sum());
            var hour = 0;
            while (part >= HOURS[hour]) {
                part -= HOURS[hour++];
            }
            var at = day.atTime(hour, 0)
                    .atZone(office.calendar().zone())
                    .toInstant()
                    .plusMillis(dice.nextInt(3_600_000));
            if (at.isBefore(now.minus(Duration.ofMinutes(3))) && at.isAfter(now.minus(Duration.ofDays(DAYS)))) {
                return at;
            }
        }
    }

    private Story story(Random dice, Words.Subject subject, int n) {
        var districts = Sukamaju.districts();
        var district = districts.get(dice.nextInt(districts.size()));
        var place = voice.place(
                dice,
                district,
                district.villages().get(dice.nextInt(district.villages().size())));
        var asCase = subject.kind() != null || subject.code().equals("tanya");
        var form = asCase && dice.nextInt(100) < (subject.kind() == CaseKind.WHISTLE_BLOWING ? 85 : 34);
        var direct = form || subject.kind() == CaseKind.WHISTLE_BLOWING || dice.nextInt(4) == 0;
        var person = Sukamaju.person(dice);
        var line = subject.lines().get(dice.nextInt(subject.lines().size()));
        if (form) {
            var key = "web:imaginary-" + n;
            var author = new Item.Author(key, person.name(), person.name(), null, false);
            return new Story(n, dice, subject, line, place, web, author, Audience.DIRECT, key);
        }
        var number = direct ? 1000 + n : dice.nextInt(KNOWN);
        var known = Sukamaju.person(new Random(number));
        var handle = Sukamaju.handle(known, number);
        var home = handle.substring(handle.indexOf('@', 1) + 1);
        var profile = "https://" + home + "/u/" + number;
        return new Story(
                n,
                dice,
                subject,
                line,
                place,
                fediverse,
                new Item.Author(profile, handle, known.name(), profile, false),
                direct ? Audience.DIRECT : Audience.PUBLIC,
                "https://" + home + "/s/" + n);
    }

    private Opening opening(Story story, Instant at) {
        var text = voice.opening(story.dice, story.line, story.place, story.form(), story.subject.kind() != null);
        if (story.audience == Audience.PUBLIC && story.dice.nextBoolean()) {
            text = "@" + fediverse.handle().replaceFirst("^@", "").split("@", 2)[0] + " " + text;
        }
        return new Opening(story, story.opens(at, text, story.form() ? hints(story) : Map.of()));
    }

    /** What the form asks besides the words. */
    private static Map<String, String> hints(Story story) {
        var kind = story.kind();
        var hints = new HashMap<String, String>();
        hints.put("kind", kind == CaseKind.COMPLAINT_SUPERVISED ? CaseKind.COMPLAINT.code() : kind.code());
        var village = story.place.village();
        if (story.happens(88)) {
            hints.put("district", story.place.district().code());
            hints.put("village", village.code());
            hints.put("landmark", story.place.names().getOrDefault("patokan", ""));
        }
        var latitude = village.latitude();
        var longitude = village.longitude();
        if (story.happens(46) && latitude != null && longitude != null) {
            hints.put("lat", near(story, latitude));
            hints.put("lon", near(story, longitude));
        }
        var thrown = story.dice.nextInt(100);
        hints.put(
                "identity",
                story.secret()
                        ? (thrown < 60 ? "confidential" : "anonymous")
                        : thrown < 76 ? "open" : thrown < 96 ? "anonymous" : "confidential");
        hints.put("language", "id");
        return hints;
    }

    private static String near(Story story, double degrees) {
        return String.format(Locale.ROOT, "%.5f", degrees + (story.dice.nextDouble() - 0.5) * 0.008);
    }
}
