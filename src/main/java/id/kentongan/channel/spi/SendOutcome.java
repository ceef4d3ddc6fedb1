// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of a send. */
public sealed interface SendOutcome {
    /** @param url where people see it, or null */
    record Sent(String remoteKey, @Nullable String url) implements SendOutcome {}

    record Retry(Duration after, String code) implements SendOutcome {}

    record Refused(String code) implements SendOutcome {}

    /** The request left and no answer came: only reading may settle it. */
    record Unknown(String code) implements SendOutcome {}
}
