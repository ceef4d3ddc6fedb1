// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.AgencyId;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * "How we are doing" of a period: numbers that carry their denominator.
 * {@code asked} counts the cases opened in the period; of those, {@code answered} were answered, {@code closed} are
 * closed without an answer, {@code waiting} unanswered and in time, {@code overdue} unanswered and late.
 */
public record Performance(LocalDate from, LocalDate to, List<Week> weeks, List<OfAgency> agencies) {
    public record Week(LocalDate start, int asked, int answered, int closed, int waiting, int overdue) {}

    public record OfAgency(
            AgencyId agency,
            int asked,
            int answered,
            int closed,
            int waiting,
            int overdue,
            @Nullable Duration medianFirstAnswer) {}

    public int asked() {
        return weeks.stream().mapToInt(Week::asked).sum();
    }

    public int answered() {
        return weeks.stream().mapToInt(Week::answered).sum();
    }

    /** Closed without an answer. */
    public int closed() {
        return weeks.stream().mapToInt(Week::closed).sum();
    }

    public int waiting() {
        return weeks.stream().mapToInt(Week::waiting).sum();
    }

    public int overdue() {
        return weeks.stream().mapToInt(Week::overdue).sum();
    }
}
