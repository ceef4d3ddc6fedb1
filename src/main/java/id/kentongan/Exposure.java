// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import id.kentongan.database.StartRefusedException;
import id.kentongan.identity.Tenants;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * What is meant for one machine stays on it: reachable from elsewhere, the platform does not start with the
 * demonstration regency, whose passwords are published, nor speaks plain HTTP with peers on its own loopback. The
 * launcher leaves both off then; this holds for whoever starts the application in another way, or brings a folder in
 * which the regency already lives.
 */
@Component
@EnableConfigurationProperties(PublicSettings.class)
class Exposure implements SmartInitializingSingleton {
    private final Environment environment;
    private final PublicSettings settings;
    private final Tenants tenants;

    Exposure(Environment environment, PublicSettings settings, Tenants tenants) {
        this.environment = environment;
        this.settings = settings;
        this.tenants = tenants;
    }

    @Override
    public void afterSingletonsInstantiated() {
        var address = environment.getProperty("server.address", "");
        if (settings.publicUrl().isBlank() && isLoopback(address)) {
            return;
        }
        if (environment.getProperty("kentongan.demo", Boolean.class, false)
                || tenants.all().stream().anyMatch(tenant -> tenant.demonstration())) {
            throw new StartRefusedException("The demonstration regency is for one machine alone, since its passwords"
                    + " are published, and this start can be reached from elsewhere. Choose another data folder"
                    + " (--data DIR) without it (--no-demo), or listen on 127.0.0.1 without a public address.");
        }
        if (environment.getProperty("kentongan.federation.loopback-peers", Boolean.class, false)) {
            throw new StartRefusedException("kentongan.federation.loopback-peers is for one machine alone, and this"
                    + " start can be reached from elsewhere. Turn it off, or listen on 127.0.0.1 without a public"
                    + " address.");
        }
    }

    /** An empty address listens everywhere. */
    private static boolean isLoopback(String address) {
        try {
            return !address.isBlank() && InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
