// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.TenantId;
import java.time.LocalDate;
import java.util.List;

/** A deadline of a case nears; these officers were told at the desk. Whoever sends mail hears this. */
public record CaseReminded(TenantId tenant, CaseId id, ClockKind clock, LocalDate dueOn, List<OfficerId> officers) {
    public CaseReminded {
        officers = List.copyOf(officers);
    }
}
