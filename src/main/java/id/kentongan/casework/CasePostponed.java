// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.kernel.TenantId;
import java.time.LocalDate;

/** A case was put off until a day. */
public record CasePostponed(TenantId tenant, CaseId id, LocalDate until) {}
