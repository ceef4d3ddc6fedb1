// SPDX-License-Identifier: Apache-2.0
/**
 * What identity needs from modules above it.
 */
@NullMarked
@NamedInterface("spi")
package id.kentongan.identity.spi;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
