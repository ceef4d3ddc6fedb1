// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a message needs where it is a letter.
 *
 * @param subject what the thread is called, without marks of answering, or empty
 * @param number public number of its case, or null
 * @param before Message-IDs of the letters before the one that is answered, oldest first
 * @param automatic whether a program says it, so that no other program answers
 * @param unsubscribe address by which its reader gets no more of the kind with one click, or null
 */
public record Letter(
        String subject,
        @Nullable String number,
        List<String> before,
        boolean automatic,
        @Nullable String unsubscribe) {
    public Letter {
        before = List.copyOf(before);
    }
}
