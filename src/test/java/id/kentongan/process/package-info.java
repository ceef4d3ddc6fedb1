// SPDX-License-Identifier: Apache-2.0
/**
 * The platform as a person runs it: the launcher, the packaged application, real processes on free ports and temporary
 * folders. Run after packaging; each test ends what it started, by process id.
 */
@NullMarked
package id.kentongan.process;

import org.jspecify.annotations.NullMarked;
