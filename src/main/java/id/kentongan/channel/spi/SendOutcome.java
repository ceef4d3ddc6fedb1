// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of a send. Codes are stable, and each has words for people ({@code channel.failure.}). */
public sealed interface SendOutcome {
    /**
     * The network took it, or has taken it before.
     *
     * @param remoteKey under which replies to it name it
     * @param url where people see it, or null
     */
    record Sent(String remoteKey, @Nullable String url) implements SendOutcome {}

    /** It was surely not taken, and may be later. */
    record Retry(Duration after, String code) implements SendOutcome {}

    /** It was surely not taken, and will not be. */
    record Refused(String code) implements SendOutcome {}

    /** The request left and no answer came, or none that says whether it was taken. */
    record Unknown(String code) implements SendOutcome {}

    /** The network has shut the account out (its token expired, it was suspended): nothing of it is tried any more. */
    record ShutOut(String code) implements SendOutcome {}
}
