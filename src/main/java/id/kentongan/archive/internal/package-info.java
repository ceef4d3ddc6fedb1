// SPDX-License-Identifier: Apache-2.0
/**
 * The trail's store, its sealer and verifier.
 */
@NullMarked
package id.kentongan.archive.internal;

import org.jspecify.annotations.NullMarked;
