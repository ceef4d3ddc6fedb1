// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity;

import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.TenantId;

/** An officer was added, changed, or lost access. */
public record OfficerChanged(TenantId tenant, OfficerId officer, OfficerId by) {}
