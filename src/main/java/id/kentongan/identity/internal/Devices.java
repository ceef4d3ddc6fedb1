// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.identity.Tenant;
import id.kentongan.identity.spi.OfficerSecrets;
import id.kentongan.kernel.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.session.Session;
import org.springframework.stereotype.Component;
import ua_parser.Parser;

/**
 * Which browser on which system signed in, as far as it says so itself. Only the two names are kept of what it sends,
 * sealed with the session they belong to, and they go with it.
 */
@Component
class Devices {
    private static final String NAME = "identity.device";
    private static final String PURPOSE = "identity.device";

    /** What a browser sends is measured in hundreds of letters; who sends more is read no further. */
    private static final int LONGEST = 512;

    private static final int LONGEST_NAME = 40;

    /** Names as people know them. The parser tells a browser's editions apart, which nobody looks for here. */
    private static final Map<String, String> KNOWN_AS = Map.ofEntries(
            Map.entry("Mobile Safari", "Safari"),
            Map.entry("Mobile Safari UI/WKWebView", "Safari"),
            Map.entry("Chrome Mobile", "Chrome"),
            Map.entry("Chrome Mobile iOS", "Chrome"),
            Map.entry("Chrome Mobile WebView", "Chrome"),
            Map.entry("HeadlessChrome", "Chrome"),
            Map.entry("Firefox Mobile", "Firefox"),
            Map.entry("Firefox iOS", "Firefox"),
            Map.entry("Edge Mobile", "Edge"),
            Map.entry("Opera Mobile", "Opera"),
            Map.entry("Mac OS X", "macOS"),
            Map.entry("Chrome OS", "ChromeOS"));

    private final ObjectProvider<OfficerSecrets> secrets;

    Devices(ObjectProvider<OfficerSecrets> secrets) {
        this.secrets = secrets;
    }

    /** Names, empty where the browser does not say. */
    record Device(String browser, String system) {
        private static final Device UNKNOWN = new Device("", "");

        boolean known() {
            return !browser.isEmpty() || !system.isEmpty();
        }
    }

    private record Kept(UUID tenant, byte[] sealed) implements Serializable {}

    /** The patterns are read when somebody first signs in. */
    private static final class Patterns {
        private static final Parser PARSER = new Parser();
    }

    static Device of(@Nullable String userAgent) {
        if (userAgent == null || userAgent.isBlank()) {
            return Device.UNKNOWN;
        }
        var said = userAgent.substring(0, Math.min(userAgent.length(), LONGEST));
        return new Device(
                name(Patterns.PARSER.parseUserAgent(said).family), name(Patterns.PARSER.parseOS(said).family));
    }

    private static String name(@Nullable String family) {
        if (family == null || family.equals("Other")) {
            return "";
        }
        var name = KNOWN_AS.getOrDefault(family, family);
        return name.substring(0, Math.min(name.length(), LONGEST_NAME)).strip();
    }

    /** Keeps with the session what the browser says of itself now. */
    void remember(HttpServletRequest request, Tenant tenant) {
        var device = of(request.getHeader(HttpHeaders.USER_AGENT));
        var plain = (device.browser() + '\n' + device.system()).getBytes(StandardCharsets.UTF_8);
        request.getSession(true)
                .setAttribute(
                        NAME, new Kept(tenant.id().value(), secrets.getObject().seal(tenant.id(), PURPOSE, plain)));
    }

    /** Nothing is known of a session that began before its device was kept. */
    Device of(Session session, TenantId tenant) {
        return Optional.ofNullable(session.<Object>getAttribute(NAME))
                .filter(kept -> kept instanceof Kept of && of.tenant().equals(tenant.value()))
                .map(kept -> new String(
                                secrets.getObject().open(tenant, PURPOSE, ((Kept) kept).sealed()),
                                StandardCharsets.UTF_8)
                        .split("\n", -1))
                .map(names -> new Device(names[0], names[1]))
                .orElse(Device.UNKNOWN);
    }
}
