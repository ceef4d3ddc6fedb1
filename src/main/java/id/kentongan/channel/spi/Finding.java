// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What reading a network tells about a message that may have been said. */
public sealed interface Finding {
    /** It is there. @param url where people see it, or null */
    record Found(String remoteKey, @Nullable String url) implements Finding {}

    /** It is not there and will not appear any more: it may be said. An adapter that is not sure answers Later. */
    record Absent() implements Finding {}

    /** It cannot be told now; asked again no sooner than after that time. */
    record Later(Duration after, String code) implements Finding {}
}
