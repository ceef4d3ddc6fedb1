// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import org.jspecify.annotations.Nullable;

/** One of a few, as the radio and select components draw it. */
record Choice(
        String value,
        String label,
        @Nullable String hint,
        @Nullable String icon) {}
