// SPDX-License-Identifier: Apache-2.0
/**
 * Controllers and pages of the desk.
 */
@NullMarked
package id.kentongan.desk.internal;

import org.jspecify.annotations.NullMarked;
