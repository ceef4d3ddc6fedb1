// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RememberedTimeTests {
    private static final Instant THEN = Instant.parse("2026-11-02T03:00:00Z");

    private final RememberedTime time = new RememberedTime();

    @Test
    void onlyTheThreadThatTellsLivesInThePast() throws InterruptedException {
        var elsewhere = new ArrayList<Instant>();
        time.at(THEN, () -> {
            assertThat(time.instant()).isEqualTo(THEN);
            var other = Thread.ofVirtual().start(() -> elsewhere.add(time.instant()));
            time.at(THEN.plusSeconds(9), () -> assertThat(time.instant()).isEqualTo(THEN.plusSeconds(9)));
            assertThat(time.instant()).isEqualTo(THEN);
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(elsewhere.getFirst()).isAfter(THEN.plus(Duration.ofMinutes(1)));
        assertThat(time.instant()).isAfter(THEN.plus(Duration.ofMinutes(1)));
    }

    @Test
    void whatItSetsGoingLivesInTheSameMomentAndIsWaitedFor() throws InterruptedException {
        var seen = new ArrayList<Instant>();
        var started = new ArrayList<Thread>();
        time.at(THEN, () -> {
            var task = time.decorate(() -> {
                pause();
                seen.add(time.instant());
            });
            started.add(Thread.ofVirtual().start(task));
        });
        time.settle(Duration.ofSeconds(10), () -> false);
        assertThat(seen).isEqualTo(List.of(THEN));
    }

    @Test
    void whatThePresentSetsGoingIsLeftAlone() {
        Runnable task = () -> {};
        assertThat(time.decorate(task)).isSameAs(task);
    }

    private static void pause() {
        try {
            Thread.sleep(60);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
