// SPDX-License-Identifier: Apache-2.0
/**
 * What the archive needs from modules above it.
 */
@NullMarked
@NamedInterface("spi")
package id.kentongan.archive.spi;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
