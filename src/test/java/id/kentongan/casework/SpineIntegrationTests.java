// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.channel.Intake;
import id.kentongan.channel.WebForm;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageView.Direction;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Rules;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The spine by the web form: a citizen's message becomes an answered case. */
@WithDatabase
class SpineIntegrationTests {
    @Autowired
    TestTenants tenants;

    @Autowired
    Intake intake;

    @Autowired
    Conversations conversations;

    @Autowired
    Cases cases;

    @Autowired
    Trail trail;

    @Autowired
    RoutingRules routing;

    @Autowired
    Rules rules;

    TestTenant tenant;
    Actor officer;
    Actor liaison;
    Actor stranger;

    @BeforeEach
    void aRegency() {
        tenant = tenants.found();
        rules.installDefaults(tenant.system());
        officer = tenants.officer(tenant, tenant.office(), false, Role.COMMUNICATION_OFFICER);
        liaison = tenants.officer(tenant, tenant.works(), false, Role.LIAISON_OFFICER);
        stranger = tenants.officer(tenant, tenant.registry(), false, Role.LIAISON_OFFICER);
        routing.save(
                tenant.system(),
                new RoutingRule(
                        Ids.next(),
                        1,
                        "Jalan rusak",
                        List.of("jalan rusak", "jalan amblas", "lubang"),
                        null,
                        null,
                        CaseKind.COMPLAINT,
                        "Jalan",
                        tenant.registry(),
                        "Uji coba",
                        LocalDate.of(2020, 1, 1),
                        null));
    }

    @Test
    void aFormBecomesACaseWithClocksIsForwardedAnsweredAndReopenedByTheCitizen() {
        var secret = "rahasia-" + Ids.next();
        var form = new WebForm(
                Ids.next().toString(),
                "Wati (rekaan)",
                "Jalan amblas di depan sekolah. Mohon dicek.",
                Map.of("kind", "complaint", "secret", secret),
                List.of());
        intake.acceptForm(tenant.system(), form);
        intake.acceptForm(tenant.system(), form);

        var row = await(() -> conversations.list(officer, ConversationFilter.of(Box.OPEN), null, 10).items().stream()
                .filter(each -> each.mark() != null)
                .findFirst());
        assertThat(conversations
                        .list(officer, ConversationFilter.of(Box.OPEN), null, 10)
                        .items())
                .hasSize(1);
        assertThat(row.preview()).startsWith("Jalan amblas");
        assertThat(row.unread()).isTrue();
        var found = cases.ofConversation(officer, row.id()).orElseThrow();
        assertThat(found.publicNumber()).matches("KTG-\\d{4}-\\d{6}");
        assertThat(found.agency()).isEqualTo(tenant.registry());
        assertThat(found.clocks()).hasSize(3).allMatch(clock -> clock.dueAt().isAfter(clock.startedAt()));
        assertThat(conversations.search(officer, "amblasnya sekolah", null, 10).items())
                .extracting(each -> each.id())
                .containsExactly(row.id());

        cases.forward(officer, found.id(), tenant.works(), "Mohon ditindaklanjuti, ada anak sekolah.", found.version());
        assertThat(cases.accessible(stranger, found.id())).isEmpty();
        assertThat(conversations.accessible(stranger, row.id())).isEmpty();
        var theirs = cases.accessible(liaison, found.id()).orElseThrow();
        assertThat(theirs.timeline())
                .anyMatch(line -> line.what().equals("forwarded")
                        && "Mohon ditindaklanjuti, ada anak sekolah.".equals(line.text()));

        cases.answer(liaison, found.id(), "Sudah kami perbaiki hari ini.", "key-1", theirs.version());
        cases.answer(liaison, found.id(), "Sudah kami perbaiki hari ini.", "key-1", theirs.version());
        var reporter = cases.bySecret(tenant.id(), secret).orElseThrow();
        assertThat(reporter.messages())
                .filteredOn(message -> message.direction() == Direction.OUT && !message.automatic())
                .singleElement()
                .satisfies(message -> assertThat(message.text())
                        .startsWith("Sudah kami perbaiki hari ini.")
                        .contains("Bila tidak ada tanggapan sampai"));
        assertThat(reporter.messages())
                .filteredOn(message -> message.automatic())
                .hasSize(1)
                .allMatch(message -> String.valueOf(message.text()).contains(found.publicNumber()));
        assertThat(reporter.shown().state()).isEqualTo(CaseState.ANSWERED);

        cases.add(tenant.id(), secret, "Lubangnya muncul lagi.", List.of(), "key-2");
        await(() -> cases.accessible(officer, found.id()).filter(each -> each.state() == CaseState.FORWARDED));
        assertThat(conversations
                        .list(officer, ConversationFilter.of(Box.OPEN), null, 10)
                        .items())
                .hasSize(1);

        var again = cases.accessible(officer, found.id()).orElseThrow();
        cases.verify(officer, found.id(), CaseKind.COMPLAINT, again.version());
        again = cases.accessible(officer, found.id()).orElseThrow();
        cases.close(officer, found.id(), "Sudah selesai.", again.version());
        assertThat(trail.about(tenant.system(), new Subject("case", found.id().value())).stream()
                        .map(each -> each.entry().verb()))
                .contains(
                        "casework.opened",
                        "casework.forwarded",
                        "casework.answered",
                        "casework.reopened",
                        "casework.verified",
                        "casework.closed");
    }

    @Test
    void whatIsConfidentialIsSeenByTheCircleOnlyAndByNobodyInPublic() {
        var circle = tenants.officer(tenant, tenant.office(), true, Role.SUPERVISOR);
        intake.acceptForm(
                tenant.system(),
                new WebForm(
                        Ids.next().toString(),
                        "",
                        "Ada pungutan di loket.",
                        Map.of("kind", "whistle-blowing"),
                        List.of()));
        var row = await(() -> conversations.list(circle, ConversationFilter.of(Box.OPEN), null, 10).items().stream()
                .filter(each -> each.mark() != null)
                .findFirst());
        assertThat(conversations
                        .list(officer, ConversationFilter.of(Box.OPEN), null, 10)
                        .items())
                .isEmpty();
        var mark = java.util.Objects.requireNonNull(row.mark());
        assertThat(cases.byPublicNumber(tenant.system(), mark.publicNumber())).isEmpty();
    }

    @Test
    void anOutdatedActionIsRefusedAndAnotherTenantSeesNothing() {
        intake.acceptForm(
                tenant.system(), new WebForm(Ids.next().toString(), "", "Ada lubang besar.", Map.of(), List.of()));
        var row = await(() -> conversations.list(officer, ConversationFilter.of(Box.OPEN), null, 10).items().stream()
                .filter(each -> each.mark() != null)
                .findFirst());
        var found = cases.ofConversation(officer, row.id()).orElseThrow();
        cases.verify(officer, found.id(), CaseKind.COMPLAINT, found.version());
        assertThatThrownBy(() -> cases.close(officer, found.id(), "", found.version()))
                .isInstanceOf(RefusalException.class)
                .hasMessage("casework.moved-on");
        var other = tenants.found();
        var foreigner = tenants.officer(other, other.office(), true, Role.SUPERVISOR);
        assertThat(cases.accessible(foreigner, found.id())).isEmpty();
        assertThat(conversations.accessible(foreigner, row.id())).isEmpty();
        assertThat(cases.byPublicNumber(other.system(), found.publicNumber())).isEmpty();
    }

    private static <T> T await(Supplier<Optional<T>> wanted) {
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            var found = wanted.get();
            if (found.isPresent()) {
                return found.get();
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("Waited twenty seconds in vain");
    }
}
