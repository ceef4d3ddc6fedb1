// SPDX-License-Identifier: Apache-2.0
/**
 * Stores, rules and clocks of cases.
 */
@NullMarked
package id.kentongan.casework.internal;

import org.jspecify.annotations.NullMarked;
