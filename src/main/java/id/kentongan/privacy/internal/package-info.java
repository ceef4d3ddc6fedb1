// SPDX-License-Identifier: Apache-2.0
/**
 * Keys, sealing, the register and the reading log.
 */
@NullMarked
package id.kentongan.privacy.internal;

import org.jspecify.annotations.NullMarked;
