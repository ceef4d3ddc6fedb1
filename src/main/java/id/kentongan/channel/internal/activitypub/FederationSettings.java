// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How we speak with other servers of the fediverse.
 *
 * @param loopbackPeers whether servers on this very machine are spoken to, over plain HTTP: for trying it out and
 *     for tests. The launcher sets it only when bound to loopback. Off, every loopback or private address is refused
 * @param timeout how long one request to another server may take as a whole
 * @param deadAfter how many sends in a row must fail before a server rests for hours
 */
@ConfigurationProperties("kentongan.federation")
record FederationSettings(
        @DefaultValue("false") boolean loopbackPeers,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("8") int deadAfter) {}
