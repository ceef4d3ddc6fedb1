// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.identity.OfficerChanged;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class LiveStreamTests {
    private final LiveStream stream = new LiveStream();
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

    private Actor officer() {
        return new Actor(
                tenant,
                Actor.Kind.OFFICER,
                UUID.randomUUID(),
                "Petugas Rekaan",
                Set.of(Role.COMMUNICATION_OFFICER),
                Actor.Reach.everywhere(),
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
