// SPDX-License-Identifier: Apache-2.0
/**
 * Rule records, calendars and their stores.
 */
@NullMarked
package id.kentongan.policy.internal;

import org.jspecify.annotations.NullMarked;
