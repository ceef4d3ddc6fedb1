// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.TenantId;
import java.util.List;

/**
 * A deadline of a case passed so long ago that a step of the escalation was reached; these officers were told at the
 * desk. Whoever sends mail hears this.
 *
 * @param step 1 to 3
 */
public record CaseEscalated(TenantId tenant, CaseId id, ClockKind clock, int step, List<OfficerId> officers) {
    public CaseEscalated {
        officers = List.copyOf(officers);
    }
}
