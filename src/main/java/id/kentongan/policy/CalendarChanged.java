// SPDX-License-Identifier: Apache-2.0
package id.kentongan.policy;

import id.kentongan.kernel.TenantId;
import java.time.LocalDate;

/** A day off was added or withdrawn: deadlines that are still open and fall on or after the day move with it. */
public record CalendarChanged(TenantId tenant, int version, LocalDate day) {}
