// SPDX-License-Identifier: Apache-2.0
/**
 * What adapters implement and what receives the items they read.
 */
@NullMarked
@NamedInterface("spi")
package id.kentongan.channel.spi;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
