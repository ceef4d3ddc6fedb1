// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import org.jspecify.annotations.Nullable;

/**
 * One line of a page for whoever keeps things running.
 *
 * @param well whether nothing is to be done
 * @param text what was found
 * @param remedy what to do, when something is to be done
 * @param href the page on which it is done, or null where it is done at the launcher
 */
record Point(
        String title,
        boolean well,
        String text,
        String remedy,
        @Nullable String href) {}
