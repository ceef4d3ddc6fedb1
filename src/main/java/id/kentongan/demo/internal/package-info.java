// SPDX-License-Identifier: Apache-2.0
/**
 * The imaginary regency and its month.
 */
@NullMarked
package id.kentongan.demo.internal;

import org.jspecify.annotations.NullMarked;
