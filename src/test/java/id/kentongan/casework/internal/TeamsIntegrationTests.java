// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import static id.kentongan.casework.internal.CaseworkHouse.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.archive.Trail;
import id.kentongan.casework.CaseFilter;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseNotices;
import id.kentongan.casework.CaseNotices.What;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.CaseTeams;
import id.kentongan.casework.CaseView;
import id.kentongan.channel.Audience;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Rules;
import id.kentongan.policy.SourcedLists;
import id.kentongan.testing.WithDatabase;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** Several agencies on one case: exactly those see it, and one of them answers. */
@WithDatabase
class TeamsIntegrationTests {
    @Autowired
    ApplicationContext context;

    @Autowired
    CaseTeams teams;

    @Autowired
    CaseNotices notices;

    CaseworkHouse house;
    Actor helper;
    LocalDate today;

    @BeforeEach
    void aRegency() {
        house = new CaseworkHouse(context);
        helper = house.tenants.officer(house.tenant, house.tenant.registry(), false, Role.LIAISON_OFFICER);
        today = LocalDate.now(house.tenant.tenant().zone());
    }

    private CaseView supported() {
        var found = house.reported("wati", Audience.DIRECT, "jalan rusak di depan pasar");
        house.cases.verify(house.officer, found.id(), CaseKind.COMPLAINT, found.version());
        teams.support(
                house.officer,
                found.id(),
                house.tenant.registry(),
                "Mohon data warganya",
                house.now(found).version());
        return house.now(found);
    }

    private boolean sees(Actor actor, CaseView view) {
        var conversation = view.conversations().getFirst();
        var there = house.cases.accessible(actor, view.id()).isPresent();
        assertThat(house.conversations.accessible(actor, conversation).isPresent())
                .isEqualTo(there);
        if (there) {
            assertThat(house.conversations
                            .messages(actor, conversation, null, 50)
                            .items())
                    .anyMatch(message -> String.valueOf(message.text()).contains("jalan rusak"));
        }
        return there;
    }

    private List<What> told(Actor actor) {
        return notices.of(actor, null, 50).items().stream()
                .map(CaseNotices.Notice::what)
                .toList();
    }

    @Test
    void anAgencyThatHelpsSeesThisCaseAndNoOtherAndOnlyAsLongAsItHelps() {
        var found = supported();
        var other = house.reported("sri", Audience.DIRECT, "jalan rusak di tempat lain");
        assertThat(sees(helper, found)).isTrue();
        assertThat(sees(helper, other)).isFalse();
        assertThat(house.cases
                        .list(helper, new CaseFilter(null, null, null, false, false), null, 10)
                        .items())
                .noneMatch(row -> row.id().equals(other.id()));
        assertThat(told(helper)).containsExactly(What.SUPPORT);
        assertThat(house.trail(found)).contains("casework.supported");
        teams.release(house.officer, found.id(), house.tenant.registry(), found.version());
        assertThat(sees(helper, found)).isFalse();
        assertThat(refusal(() -> teams.contribute(helper, found.id(), "Halo"))).isEqualTo("site.not-found");
        assertThat(sees(house.liaison, found)).isTrue();
    }

    @Test
    void whoHelpsAddsForColleaguesAndNeitherAnswersNorDecides() {
        var found = supported();
        var conversation = found.conversations().getFirst();
        assertThat(house.cases.accessible(helper, found.id()).orElseThrow().leads())
                .isFalse();
        teams.contribute(helper, found.id(), "Datanya sudah kami cocokkan");
        house.conversations.note(helper, conversation, "Catatan di percakapan");
        var version = house.now(found).version();
        for (Runnable verb : List.<Runnable>of(
                () -> house.cases.answer(helper, found.id(), "Sudah.", "k", version),
                () -> house.cases.forward(helper, found.id(), house.tenant.registry(), "", version),
                () -> house.cases.giveBack(helper, found.id(), "x", version),
                () -> teams.support(helper, found.id(), house.tenant.office(), "", version),
                () -> teams.give(helper, found.id(), "Cek", house.tenant.works(), null, null))) {
            assertThat(refusal(verb)).isEqualTo("casework.lead-only");
        }
        for (Runnable verb : List.<Runnable>of(
                () -> house.conversations.reply(helper, conversation, "private", "Halo", "k", null),
                () -> house.conversations.assign(helper, conversation, helper.officer()),
                () -> house.conversations.finish(helper, conversation))) {
            assertThat(refusal(verb)).isEqualTo("inbox.lead-only");
        }
        assertThat(house.conversations
                        .accessible(helper, conversation)
                        .orElseThrow()
                        .replyTargets())
                .isEmpty();
        assertThat(house.answers(found)).isEmpty();
        assertThat(house.now(found).timeline())
                .filteredOn(line -> line.what().equals("contributed"))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.text()).isEqualTo("Datanya sudah kami cocokkan");
                    assertThat(line.from()).isEqualTo(house.tenant.registry());
                });
        assertThat(told(house.liaison)).contains(What.CONTRIBUTED);
        // The lead answers, and what colleagues wrote among themselves reaches neither citizen nor public.
        house.cases.answer(house.liaison, found.id(), "Sudah diperbaiki.", "k", version);
        assertThat(house.now(found).state()).isEqualTo(CaseState.ANSWERED);
        var reporter = house.cases
                .bySecret(house.tenant.id(), house.secret(found, "/lacak/r/"))
                .orElseThrow();
        assertThat(reporter.shown().timeline())
                .extracting(line -> line.what())
                .doesNotContain("support", "contributed");
        assertThat(reporter.messages())
                .noneMatch(message -> String.valueOf(message.text()).contains("Catatan"));
    }

    @Test
    void aConfidentialCaseStaysInItsCircleWhoeverIsAskedToHelp() {
        house.routes("pungli", CaseKind.WHISTLE_BLOWING, house.tenant.works());
        var found = house.reported("wati", Audience.DIRECT, "pungli di loket");
        teams.support(house.officer, found.id(), house.tenant.registry(), "", found.version());
        assertThat(house.cases.accessible(helper, found.id())).isEmpty();
        assertThat(house.conversations.accessible(helper, found.conversations().getFirst()))
                .isEmpty();
        assertThat(told(helper)).isEmpty();
    }

    @Test
    void aTaskBringsItsAgencyInIsDoneByItAndShownWhereItBelongs() {
        var found = house.reported("wati", Audience.DIRECT, "jalan rusak di depan pasar");
        house.cases.verify(house.officer, found.id(), CaseKind.COMPLAINT, found.version());
        var stranger = house.tenants.officer(house.tenant, house.tenant.office(), false, Role.LIAISON_OFFICER);
        assertThat(refusal(() -> teams.give(
                        house.liaison, found.id(), "Cek data", house.tenant.registry(), stranger.officer(), null)))
                .isEqualTo("casework.task-officer");
        assertThat(refusal(() -> teams.give(house.liaison, found.id(), " ", house.tenant.registry(), null, null)))
                .isEqualTo("casework.task-title");
        var task = teams.give(
                house.liaison, found.id(), "Cek data warga", house.tenant.registry(), null, today.plusDays(3));
        assertThat(sees(helper, found)).isTrue();
        assertThat(teams.mine(helper)).singleElement().satisfies(each -> {
            assertThat(each.title()).isEqualTo("Cek data warga");
            assertThat(each.due()).isEqualTo(today.plusDays(3));
            assertThat(each.mayChange()).isTrue();
        });
        assertThat(teams.mine(stranger)).isEmpty();
        assertThat(teams.tasks(stranger, found.id())).isEmpty();
        assertThat(refusal(() -> teams.done(stranger, task, true))).isEqualTo("site.not-found");
        assertThat(refusal(() -> teams.release(
                        house.officer,
                        found.id(),
                        house.tenant.registry(),
                        house.now(found).version())))
                .isEqualTo("casework.supporter-has-tasks");
        teams.done(helper, task, true);
        teams.done(helper, task, true);
        assertThat(teams.mine(helper)).isEmpty();
        assertThat(teams.tasks(house.officer, found.id()))
                .singleElement()
                .satisfies(each -> assertThat(each.doneAt()).isNotNull());
        assertThat(house.trail(found)).contains("casework.task-given").containsOnlyOnce("casework.task-done");
        assertThat(told(house.liaison)).contains(What.TASK_DONE);
        teams.done(house.officer, task, false);
        assertThat(teams.mine(helper)).hasSize(1);
    }

    @Test
    void aTasksDayIsRemindedOfOnce() {
        var found = supported();
        var due = house.rules.calendar(house.officer).plusWorkingDays(today, 3);
        teams.give(house.officer, found.id(), "Cek data", house.tenant.registry(), helper.officer(), due);
        for (var day : List.of(due, due, due.minusDays(10), due.plusDays(10))) {
            remindOn(day);
        }
        assertThat(told(helper)).filteredOn(What.TASK_DUE::equals).hasSize(1);
        assertThat(house.trail(found)).containsOnlyOnce("casework.task-reminded");
    }

    private void remindOn(LocalDate day) {
        new DeadlineNotices(
                        house.transactions,
                        house.jdbc,
                        context.getBean(CaseBook.class),
                        context.getBean(CaseTimeline.class),
                        context.getBean(NoticeBoard.class),
                        context.getBean(Conversations.class),
                        context.getBean(Rules.class),
                        context.getBean(SourcedLists.class),
                        context.getBean(Tenants.class),
                        context.getBean(Trail.class),
                        Clock.fixed(
                                day.atTime(8, 0)
                                        .atZone(house.tenant.tenant().zone())
                                        .toInstant(),
                                ZoneOffset.UTC),
                        event -> {})
                .run(house.tenant.system());
    }

    @Test
    void anAgencyThatHelpsMayBecomeTheLeadAndThenHelpsNoLonger() {
        var found = supported();
        house.cases.forward(house.officer, found.id(), house.tenant.registry(), "", found.version());
        var now = house.now(found);
        assertThat(now.agency()).isEqualTo(house.tenant.registry());
        assertThat(now.supporting()).isEmpty();
        house.cases.answer(helper, found.id(), "Sudah.", Ids.next().toString(), now.version());
        assertThat(house.now(found).state()).isEqualTo(CaseState.ANSWERED);
        assertThat(sees(house.liaison, found)).isFalse();
    }
}
