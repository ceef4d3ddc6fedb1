// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.Cases;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What follows on somebody's words: officers work in office hours, each agency at its own pace, citizens press, thank
 * and complain again, and some of it is left lying. Each step throws its dice and puts what follows on the agenda,
 * whether it is told now or was told before; what it does is told once.
 */
final class Course {
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

    private static final String CONTENT = "Warga menyatakan sudah selesai.";

    private final Agenda agenda;
    private final Actor system;
    private final Staff staff;
    private final Conversations conversations;
    private final Cases cases;
    private final OfficeHours office;
    private final Words words;
    private final Voice voice;

    Course(
            Agenda agenda,
            Actor system,
            Staff staff,
            Conversations conversations,
            Cases cases,
            OfficeHours office,
            Words words,
            Voice voice) {
        this.agenda = agenda;
        this.system = system;
        this.staff = staff;
        this.conversations = conversations;
        this.cases = cases;
        this.office = office;
        this.words = words;
        this.voice = voice;
    }

    /** What is still to come. */
    interface Agenda {
        /** @param step throws its dice, and returns what is done */
        void later(Story story, Instant at, Supplier<Runnable> step);

        /** The citizen writes again. @param meant whether they then still have cause to */
        void writes(Story story, Instant at, String text, BooleanSupplier meant);
    }

    /** From the first words on, when the rules have opened what cases they open. */
    void begins(Story story, Instant at) {
        var soon = office.after(at.plusSeconds(120), minutes(spread(story, 35, 1.0)));
        if (story.subject.kind() == null && !story.hasCase()) {
            talk(story, at, soon);
            return;
        }
        for (var after = at; story.happens(38); ) {
            after = after.plus(Duration.ofMinutes(60 * (6 + story.dice.nextInt(54)) + story.dice.nextInt(60)));
            presses(story, after);
        }
        if (story.happens(2)) {
            // Nobody reads it in time: it happens, and the numbers show it.
            return;
        }
        agenda.later(story, soon, () -> handOn(story, soon));
    }

    // ---- conversations that suffice -----------------------------------------------------------------------------

    private void talk(Story story, Instant at, Instant soon) {
        var code = story.subject.code();
        if (code.equals("sampah-kiriman")) {
            agenda.later(story, soon, () -> finishing(story));
            return;
        }
        var asks = code.equals("tanya");
        var answered = office.after(at, minutes(spread(story, asks ? 55 : 150, 1.0)));
        if (story.happens(asks ? 94 : 80)) {
            agenda.later(story, answered, () -> {
                var text = voice.official(story.dice, story.answers(), story.place, dayAfter(story, answered));
                if (asks && story.happens(35)) {
                    thanks(story, answered);
                }
                return () -> {
                    reply(story, text);
                    finish(story);
                };
            });
        }
    }

    private void reply(Story story, String text) {
        var officer = staff.atDesk(story);
        var view = conversations.accessible(officer, story.conversation()).orElseThrow();
        if (!view.replyTargets().isEmpty()) {
            conversations.reply(
                    officer,
                    story.conversation(),
                    view.replyTargets().getFirst().code(),
                    text,
                    story.onceKey(),
                    null);
        }
    }

    private void thanks(Story story, Instant after) {
        var at = after.plus(minutes(spread(story, 70, 1.0)));
        writes(story, at, "puas", false);
        var read = office.after(at, minutes(spread(story, 60, 0.8)));
        agenda.later(story, read, () -> finishing(story));
    }

    private Runnable finishing(Story story) {
        return () -> finish(story);
    }

    private void finish(Story story) {
        conversations.finish(staff.atDesk(story), story.conversation());
    }

    // ---- cases --------------------------------------------------------------------------------------------------

    private void presses(Story story, Instant at) {
        var own = story.subject.pressing();
        var lines = own.isEmpty() || story.dice.nextInt(5) < 2
                ? words.subject("umum").pressing()
                : own;
        agenda.writes(
                story,
                at,
                voice.adding(story.dice, lines, story.place, true),
                () -> story.hasCase()
                        && cases.accessible(system, story.found())
                                .filter(view -> view.clocks().stream().anyMatch(clock -> clock.metAt() == null))
                                .isPresent());
    }

    private Runnable handOn(Story story, Instant at) {
        var takes = story.happens(55);
        var note = story.happens(12)
                ? voice.official(story.dice, texts("catatan"), story.place, dayAfter(story, at))
                : null;
        var covering = voice.official(story.dice, texts("disposisi"), story.place, dayAfter(story, at));
        var forgets = story.agency().equals("dpupr") || story.agency().equals("inspektorat") ? 7 : 3;
        if (!story.happens(forgets)) {
            var pace = PACE.getOrDefault(story.agency(), 9.0);
            var answered = office.after(at, minutes(60 * spread(story, pace, 1.05)));
            agenda.later(story, answered, () -> answer(story, answered));
        }
        return () -> {
            var officer = staff.atDesk(story);
            var agency = staff.agency(story.agency());
            if (!story.hasCase()) {
                story.isCase(cases.open(officer, story.conversation(), story.kind(), agency));
            }
            if (takes) {
                conversations.assign(officer, story.conversation(), officer.officer());
            }
            if (note != null) {
                conversations.note(officer, story.conversation(), note);
            }
            if (story.kind() == CaseKind.COMPLAINT_SUPERVISED) {
                cases.verify(officer, story.found(), CaseKind.COMPLAINT_SUPERVISED, version(story));
            }
            cases.forward(officer, story.found(), agency, covering, version(story));
        };
    }

    private Runnable answer(Story story, Instant at) {
        var text = voice.official(story.dice, story.answers(), story.place, dayAfter(story, at));
        var what = story.dice.nextInt(100);
        if (what < 34) {
            var content = at.plus(minutes(spread(story, 160, 1.0)));
            writes(story, content, "puas", false);
            var read = office.after(content, minutes(spread(story, 90, 0.8)));
            agenda.later(story, read, () -> () -> close(story, CONTENT));
        } else if (what < 43) {
            complainsAgain(story, at.plus(Duration.ofHours(20 + story.dice.nextInt(90))));
        } else if (what < 80) {
            closeLater(story, at);
        }
        return () -> answers(story, text);
    }

    private void complainsAgain(Story story, Instant at) {
        writes(story, at, "belum-puas", true);
        var second = office.after(at, minutes(60 * spread(story, 9, 0.7)));
        if (story.happens(85)) {
            agenda.later(story, second, () -> {
                var text = voice.official(story.dice, story.subject.answers(), story.place, dayAfter(story, second));
                closeLater(story, second);
                return () -> answers(story, text);
            });
        }
    }

    private void answers(Story story, String text) {
        if (story.hasCase()) {
            var officer = staff.liaison().getOrDefault(story.agency(), staff.atDesk(story));
            cases.answer(officer, story.found(), text, story.onceKey(), version(story));
        }
    }

    private void closeLater(Story story, Instant at) {
        var closed = office.after(at, minutes(60 * (3 + story.dice.nextInt(5)) * OfficeHours.HOURS_A_DAY));
        agenda.later(story, closed, () -> {
            var reason = story.any(texts("alasan-tutup"));
            return () -> close(story, reason);
        });
    }

    private void close(Story story, String reason) {
        if (story.hasCase()) {
            cases.close(staff.atDesk(story), story.found(), reason, version(story));
        }
        finish(story);
    }

    // -------------------------------------------------------------------------------------------------------------

    private void writes(Story story, Instant at, String subject, boolean asks) {
        agenda.writes(story, at, voice.adding(story.dice, texts(subject), story.place, asks), () -> true);
    }

    private List<String> texts(String subject) {
        return words.subject(subject).texts();
    }

    private long version(Story story) {
        return cases.accessible(system, story.found()).orElseThrow().version();
    }

    private LocalDate dayAfter(Story story, Instant at) {
        return office.calendar().plusWorkingDays(office.calendar().dayOf(at), 1 + story.dice.nextInt(3));
    }

    /** Half are less than the middle, a few are much more. */
    private static double spread(Story story, double middle, double sigma) {
        return middle * Math.exp(sigma * story.dice.nextGaussian());
    }

    private static Duration minutes(double minutes) {
        return Duration.ofSeconds(Math.max(60, (long) (minutes * 60)));
    }
}
