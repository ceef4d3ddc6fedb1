// SPDX-License-Identifier: Apache-2.0
/**
 * Engines and stores of intake and outbox.
 */
@NullMarked
package id.kentongan.channel.internal;

import org.jspecify.annotations.NullMarked;
