// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the machinery beneath all tenants fares: its jobs, and what happened and was not heard by everyone yet. */
public interface Machinery {
    /** Jobs that failed the last time or should have begun a minute ago. */
    List<Job> troubledJobs();

    Waiting events();

    /**
     * @param name as in the code, {@code casework-overdue}
     * @param failures in a row; 0 when it only waits
     * @param due when it should begin next
     */
    record Job(String name, int failures, Instant due) {}

    /** @param since when the oldest happened, or null when nothing waits */
    record Waiting(int count, @Nullable Instant since) {}
}
