// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import id.kentongan.kernel.TenantId;

/** A network shut an account out: what it has to say waits until an administrator has mended it. */
public record AccountBroken(TenantId tenant, AccountId account, String code) {}
