// SPDX-License-Identifier: Apache-2.0
/**
 * What privacy needs from modules above it.
 */
@NullMarked
@NamedInterface("spi")
package id.kentongan.privacy.spi;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
