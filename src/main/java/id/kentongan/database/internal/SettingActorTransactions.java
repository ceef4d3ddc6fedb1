// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

@Component
class SettingActorTransactions implements ActorTransactions {
    private static final Object BOUND = new Object();

    /** What waits for the end of the outermost transaction of this thread; absent while none of ours runs. */
    private final ThreadLocal<List<Runnable>> waiting = new ThreadLocal<>();

    private final JdbcTemplate jdbc;
    private final TransactionTemplate writing;
    private final TransactionTemplate reading;

    SettingActorTransactions(JdbcTemplate jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.writing = new TransactionTemplate(transactions);
        this.reading = new TransactionTemplate(transactions);
        this.reading.setReadOnly(true);
    }

    @Override
    public <T> T write(Actor actor, Supplier<T> work) {
        if (actor.readOnly()) {
            throw Refusal.notFound().asException();
        }
        return in(writing, actor, work);
    }

    @Override
    public <T> T read(Actor actor, Supplier<T> work) {
        return in(reading, actor, work);
    }

    @Override
    public void afterCommit(Runnable action) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            action.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                action.run();
            }
        });
    }

    @Override
    public void afterwards(Runnable action) {
        var list = waiting.get();
        if (list != null) {
            list.add(action);
        } else if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("Nobody says when this transaction has given its connection back");
        } else {
            action.run();
        }
    }

    private <T> T in(TransactionTemplate template, Actor actor, Supplier<T> work) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return joined(template, actor, work);
        }
        var actions = new ArrayList<Runnable>();
        waiting.set(actions);
        T result;
        try {
            result = joined(template, actor, work);
        } finally {
            waiting.remove();
        }
        actions.forEach(Runnable::run);
        return result;
    }

    // The supplier's null is the caller's business; TransactionTemplate says @Nullable for all.
    @SuppressWarnings("NullAway")
    private <T> T joined(TransactionTemplate template, Actor actor, Supplier<T> work) {
        return template.execute(status -> {
            var outer = bound();
            if (outer != null && !outer.tenant().equals(actor.tenant())) {
                throw new IllegalStateException("One transaction never serves two tenants");
            }
            if (actor.equals(outer)) {
                return work.get();
            }
            set(actor);
            bind(actor, outer == null);
            var done = false;
            try {
                var result = work.get();
                done = true;
                return result;
            } finally {
                if (outer != null) {
                    bind(outer, false);
                    // After a failed statement PostgreSQL refuses all others until the rollback that is coming anyway.
                    if (done) {
                        set(outer);
                    }
                }
            }
        });
    }

    private @Nullable Actor bound() {
        return (Actor) TransactionSynchronizationManager.getResource(BOUND);
    }

    private void bind(Actor actor, boolean first) {
        if (TransactionSynchronizationManager.hasResource(BOUND)) {
            TransactionSynchronizationManager.unbindResource(BOUND);
        }
        TransactionSynchronizationManager.bindResource(BOUND, actor);
        if (first) {
            TransactionSynchronizationManager.registerSynchronization(new Unbind());
        }
    }

    private void set(Actor actor) {
        var reach = actor.agencies();
        var agencies = reach.all()
                ? "*"
                : reach.ids().stream().map(AgencyId::toString).sorted().collect(Collectors.joining(","));
        jdbc.query(
                """
                select set_config('kentongan.tenant', ?, true),
                       set_config('kentongan.actor', ?, true),
                       set_config('kentongan.agencies', ?, true),
                       set_config('kentongan.circle', ?, true)
                """,
                row -> {},
                actor.tenant().toString(),
                actor.id().toString(),
                agencies,
                actor.circle() ? "on" : "off");
    }

    /** A suspended transaction takes its actor with it; a finished one leaves none behind. */
    private static final class Unbind implements TransactionSynchronization {
        private @Nullable Object suspended;

        @Override
        public void suspend() {
            suspended = TransactionSynchronizationManager.unbindResourceIfPossible(BOUND);
        }

        @Override
        public void resume() {
            if (suspended != null) {
                TransactionSynchronizationManager.bindResource(BOUND, suspended);
            }
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResourceIfPossible(BOUND);
        }
    }
}
