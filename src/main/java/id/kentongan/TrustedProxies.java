// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import id.kentongan.database.StartRefusedException;
import java.util.List;
import org.apache.catalina.util.NetMask;
import org.apache.catalina.valves.RemoteIpValve;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Believes a proxy of ours, and nobody else, about where a request came from: the right-most address of
 * {@code X-Forwarded-For} that is no proxy of ours is the visitor's. Without a named proxy such headers mean nothing.
 */
@Component
class TrustedProxies implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {
    private final List<String> named;

    TrustedProxies(PublicSettings settings) {
        this.named = settings.trustedProxies().stream()
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .toList();
    }

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        if (named.isEmpty()) {
            return;
        }
        named.forEach(TrustedProxies::check);
        var valve = new RemoteIpValve();
        // In place of its default, which believes every private address.
        valve.setInternalProxies(String.join(",", named));
        valve.setHostHeader("X-Forwarded-Host");
        factory.addEngineValves(valve);
    }

    /** What is no network would be taken for a regular expression. */
    private static void check(String network) {
        try {
            new NetMask(network);
        } catch (IllegalArgumentException e) {
            throw new StartRefusedException(
                    "kentongan.trusted-proxies names networks as CIDR, such as 192.0.2.10/32, and " + network
                            + " is none.");
        }
    }
}
