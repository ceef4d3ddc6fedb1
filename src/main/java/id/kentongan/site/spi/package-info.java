// SPDX-License-Identifier: Apache-2.0
/**
 * What the shell needs from modules above it: the government a request is for, the signed-in officer, and the
 * pages of the menus.
 */
@NullMarked
@NamedInterface("spi")
package id.kentongan.site.spi;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
