// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, continued by key and never by offset.
 *
 * @param next opaque key of the following page, or null at the end
 */
public record Page<T>(List<T> items, @Nullable String next) {
    public Page {
        items = List.copyOf(items);
    }

    public static <T> Page<T> empty() {
        return new Page<>(List.of(), null);
    }
}
