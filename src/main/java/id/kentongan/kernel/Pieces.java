// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

import java.util.Iterator;

/**
 * Long work of a job in pieces, each of which stands by itself. A stop gives a job a moment and then interrupts it; but a
 * database that answers at once notices no interruption, so that the job has to look between its pieces. What is left is
 * done when it runs the next time.
 */
public final class Pieces {
    private Pieces() {}

    /** They, as long as this thread is not interrupted. */
    public static <T> Iterable<T> untilInterrupted(Iterable<? extends T> all) {
        return () -> new Iterator<>() {
            private final Iterator<? extends T> rest = all.iterator();

            @Override
            public boolean hasNext() {
                return !interrupted() && rest.hasNext();
            }

            @Override
            public T next() {
                return rest.next();
            }
        };
    }

    /** For what counts its pieces otherwise. The thread stays interrupted. */
    public static boolean interrupted() {
        return Thread.currentThread().isInterrupted();
    }
}
