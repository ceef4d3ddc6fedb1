// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import id.kentongan.kernel.Actor;
import java.util.function.Supplier;

/**
 * The one place where tenant and actor are set for a transaction, from the {@link Actor}. Without it the
 * policies of every table see no tenant and return nothing.
 *
 * <p>A call inside a running transaction of the same tenant joins it, with the outer actor's reach restored
 * afterwards; a call for another tenant fails, since one transaction never serves two tenants.
 */
public interface ActorTransactions {
    /** Runs the work in a transaction that may write. Refused for a read-only actor. */
    <T> T write(Actor actor, Supplier<T> work);

    /** Runs the work in a read-only transaction, or in the running one. */
    <T> T read(Actor actor, Supplier<T> work);

    default void run(Actor actor, Runnable work) {
        this.<Object>write(actor, () -> {
            work.run();
            return Boolean.TRUE;
        });
    }

    /** Runs the action once the running transaction has committed; at once when there is none. */
    void afterCommit(Runnable action);

    /**
     * Runs the action once the running transaction has committed and given its connection back, before the outermost
     * call of {@link #read} or {@link #write} returns; at once when there is none. What it throws, that call throws.
     * For work that needs a transaction of its own: whoever takes a second connection while holding a first may wait
     * for ever, with all others who do the same. Fails within a transaction that was begun elsewhere.
     */
    void afterwards(Runnable action);
}
