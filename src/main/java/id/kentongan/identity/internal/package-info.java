// SPDX-License-Identifier: Apache-2.0
/**
 * Stores, sign-in and administration of tenants, agencies and officers.
 */
@NullMarked
package id.kentongan.identity.internal;

import org.jspecify.annotations.NullMarked;
