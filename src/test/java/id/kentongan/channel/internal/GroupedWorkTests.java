// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.kernel.TenantId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronizationManager;

class GroupedWorkTests {
    private static final TenantId TENANT = TenantId.next();

    private final List<List<String>> groups = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    @Test
    void whatIsAskedForWhileOneRunsShareTheNext() throws Exception {
        var work = new GroupedWork<String, String>("test", this::heldUp);
        var first = work.add(TENANT, "first");
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        var others = IntStream.range(0, 20)
                .mapToObj(n -> work.add(TENANT, "other " + n))
                .toList();
        assertThat(others).noneMatch(CompletableFuture::isDone);
        go.countDown();
        assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo("FIRST");
        for (var n = 0; n < others.size(); n++) {
            assertThat(others.get(n).get(60, TimeUnit.SECONDS)).isEqualTo("OTHER " + n);
        }
        assertThat(groups).extracting(List::size).containsExactly(1, 20);
    }

    @Test
    void aGroupThatFailsTellsEachOfItsCallersWhyAndTheNextIsTried() throws Exception {
        var work = new GroupedWork<String, String>("test", (tenant, parts) -> {
            if (parts.contains("bad")) {
                throw new IllegalArgumentException("no room");
            }
            return heldUp(tenant, parts);
        });
        assertThatThrownBy(() -> work.get(TENANT, "bad"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no room");
        go.countDown();
        assertThat(work.get(TENANT, "good")).isEqualTo("GOOD");
    }

    @Test
    void tenantsShareNoGroup() throws Exception {
        var tenants = new CopyOnWriteArrayList<TenantId>();
        var work = new GroupedWork<String, String>("test", (tenant, parts) -> {
            tenants.add(tenant);
            return heldUp(tenant, parts);
        });
        var first = work.add(TENANT, "first");
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        var other = TenantId.next();
        var theirs = work.add(other, "theirs");
        go.countDown();
        assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo("FIRST");
        assertThat(theirs.get(60, TimeUnit.SECONDS)).isEqualTo("THEIRS");
        assertThat(tenants).containsExactlyInAnyOrder(TENANT, other);
    }

    @Test
    void whoHoldsAConnectionWaitsForNobody() {
        var threads = new CopyOnWriteArrayList<Thread>();
        var work = new GroupedWork<String, String>("test", (tenant, parts) -> {
            threads.add(Thread.currentThread());
            return parts;
        });
        TransactionSynchronizationManager.setActualTransactionActive(true);
        try {
            assertThat(work.get(TENANT, "inside")).isEqualTo("inside");
        } finally {
            TransactionSynchronizationManager.setActualTransactionActive(false);
        }
        assertThat(work.get(TENANT, "outside")).isEqualTo("outside");
        assertThat(threads).first().isSameAs(Thread.currentThread());
        assertThat(threads).last().isNotSameAs(Thread.currentThread());
    }

    private List<String> heldUp(TenantId tenant, List<String> parts) {
        groups.add(parts);
        begun.countDown();
        try {
            assertThat(go.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return parts.stream()
                .map(each -> each.toUpperCase(java.util.Locale.ROOT))
                .toList();
    }
}
