// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.identity.OfficerChanged;
import id.kentongan.inbox.ChangesMissed;
import id.kentongan.inbox.ConversationChanged;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

class LiveStreamTests {
    private final Set<ConversationId> readable = ConcurrentHashMap.newKeySet();
    private final LiveStream stream =
            new LiveStream((actor, ids) -> ids.stream().anyMatch(readable::contains), Heard::new);
    private final TenantId tenant = TenantId.next();

    @Test
    void anOfficersOldestStreamMakesRoomForANewOne() {
        var officer = officer();
        for (int i = 0; i < 12; i++) {
            stream.open(officer, null, () -> true);
        }
        await(() -> stream.size() == 8);
    }

    @Test
    void anOfficerWhoseRightsChangedConnectsAnew() {
        var officer = officer();
        stream.open(officer, null, () -> true);
        stream.open(officer(), null, () -> true);
        stream.on(new OfficerChanged(tenant, officer.officer(), OfficerId.next()));
        await(() -> stream.size() == 1);
    }

    @Test
    void everyStreamEndsBeforeTheServerStops() {
        stream.start();
        stream.open(officer(), null, () -> true);
        stream.stop();
        await(() -> stream.size() == 0);
    }

    @Test
    void aChangeIsSaidOnlyToWhoeverMayReadWhatChanged() {
        var hidden = new ConversationId(Ids.next());
        var shown = new ConversationId(Ids.next());
        readable.add(shown);
        var heard = heard(stream.open(officer(), null, () -> true));
        await(() -> said(heard, "ready"));
        stream.on(new ConversationChanged(tenant, hidden, "overdue"));
        stream.on(new ConversationChanged(TenantId.next(), shown, "overdue"));
        stream.on(new ConversationChanged(tenant, shown, "forwarded"));
        await(() -> said(heard, "forwarded"));
        assertThat(String.join("", heard))
                .contains("inbox")
                .doesNotContain("overdue", hidden.toString(), shown.toString());
    }

    @Test
    void whoCouldReadItUntilNowLearnsThatItLeft() {
        var works = AgencyId.next();
        var left = new ConversationId(Ids.next());
        var before = new ConversationChanged.Before(works, false);
        var losing = heard(stream.open(officer(Actor.Reach.of(Set.of(works))), null, () -> true));
        var never = heard(stream.open(officer(Actor.Reach.of(Set.of(AgencyId.next()))), null, () -> true));
        await(() -> said(losing, "ready") && said(never, "ready"));
        stream.on(new ConversationChanged(tenant, left, "case", before));
        stream.on(
                new ConversationChanged(tenant, left, "case", new ConversationChanged.Before(AgencyId.next(), false)));
        await(() -> said(losing, "inbox"));
        var last = new ConversationId(Ids.next());
        readable.add(last);
        stream.on(new ConversationChanged(tenant, last, "reopened"));
        await(() -> said(never, "reopened"));
        // One telling, for what it may read now; none for what left another's reach.
        assertThat(never.stream().filter(each -> each.contains("inbox"))).hasSize(1);
        assertThat(said(losing, "reopened")).isTrue();
    }

    @Test
    void whatANodeMissedIsAskedForByConnectingAnew() {
        stream.open(officer(), null, () -> true);
        stream.on(new ChangesMissed());
        await(() -> stream.size() == 0);
    }

    /** What a browser would have read. */
    private static final class Heard extends SseEmitter {
        final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void send(SseEventBuilder builder) {
            lines.add(builder.build().stream()
                    .map(each -> each.getData().toString())
                    .collect(Collectors.joining()));
        }
    }

    private static List<String> heard(SseEmitter emitter) {
        return ((Heard) emitter).lines;
    }

    private static boolean said(List<String> heard, String what) {
        return heard.stream().anyMatch(each -> each.contains(what));
    }

    private Actor officer() {
        return officer(Actor.Reach.everywhere());
    }

    private Actor officer(Actor.Reach reach) {
        return new Actor(
                tenant,
                Actor.Kind.OFFICER,
                UUID.randomUUID(),
                "Petugas Rekaan",
                Set.of(Role.COMMUNICATION_OFFICER),
                reach,
                false,
                false);
    }

    private static void await(BooleanSupplier wanted) {
        var deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!wanted.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
