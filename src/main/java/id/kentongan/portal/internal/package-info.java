// SPDX-License-Identifier: Apache-2.0
/**
 * Controllers and pages of the portal.
 */
@NullMarked
package id.kentongan.portal.internal;

import org.jspecify.annotations.NullMarked;
