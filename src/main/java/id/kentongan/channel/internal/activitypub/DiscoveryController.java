// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.identity.Tenant;
import id.kentongan.kernel.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** How other servers find us: WebFinger (RFC 7033), host-meta (RFC 6415), NodeInfo. */
@RestController
class DiscoveryController {
    private static final MediaType JRD = MediaType.parseMediaType("application/jrd+json");

    private final LocalActors locals;
    private final FederationStore store;

    DiscoveryController(LocalActors locals, FederationStore store) {
        this.locals = locals;
        this.store = store;
    }

    @GetMapping("/.well-known/webfinger")
    ResponseEntity<String> webFinger(Tenant tenant, @RequestParam String resource) {
        var local = locals.all(tenant.id()).stream()
                .filter(each -> names(each, resource))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound().asException());
        return json(
                JRD,
                Map.of(
                        "subject", "acct:" + local.name() + "@" + tenant.host(),
                        "aliases", List.of(local.id()),
                        "links",
                                List.of(
                                        Map.of("rel", "self", "type", PeerRequests.ACTIVITY, "href", local.id()),
                                        Map.of(
                                                "rel",
                                                "http://webfinger.net/rel/profile-page",
                                                "type",
                                                "text/html",
                                                "href",
                                                local.id()))));
    }

    @GetMapping("/.well-known/host-meta")
    ResponseEntity<String> hostMeta(Tenant tenant) {
        var template = tenant.address() + "/.well-known/webfinger?resource={uri}";
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("application/xrd+xml"))
                .body("""
                        <?xml version="1.0" encoding="UTF-8"?>
                        <XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">
                          <Link rel="lrdd" template="%s"/>
                        </XRD>
                        """.formatted(template));
    }

    @GetMapping("/.well-known/nodeinfo")
    ResponseEntity<String> nodeInfoLinks(Tenant tenant) {
        var base = tenant.address();
        return json(
                MediaType.APPLICATION_JSON,
                Map.of(
                        "links",
                        List.of(
                                Map.of(
                                        "rel",
                                        "http://nodeinfo.diaspora.software/ns/schema/2.0",
                                        "href",
                                        base + "/nodeinfo/2.0"),
                                Map.of(
                                        "rel",
                                        "http://nodeinfo.diaspora.software/ns/schema/2.1",
                                        "href",
                                        base + "/nodeinfo/2.1"))));
    }

    @GetMapping("/nodeinfo/{version:2\\.[01]}")
    ResponseEntity<String> nodeInfo(Tenant tenant, @PathVariable String version) {
        var all = locals.all(tenant.id());
        var posts = all.stream().mapToInt(store::noteCount).sum();
        return json(
                MediaType.parseMediaType(
                        "application/json;profile=\"http://nodeinfo.diaspora.software/ns/schema/" + version + "#\""),
                Map.of(
                        "version", version,
                        "software", Map.of("name", "kentongan", "version", "0.1.0"),
                        "protocols", List.of("activitypub"),
                        "services", Map.of("inbound", List.of(), "outbound", List.of()),
                        "openRegistrations", false,
                        "usage", Map.of("users", Map.of("total", all.size()), "localPosts", posts),
                        "metadata", Map.of("nodeName", tenant.name())));
    }

    private static boolean names(LocalActor local, String resource) {
        var wanted = resource.toLowerCase(Locale.ROOT);
        return wanted.equals(
                        "acct:" + local.name() + "@" + local.tenant().host().toLowerCase(Locale.ROOT))
                || resource.equals(local.id());
    }

    private static ResponseEntity<String> json(MediaType type, Map<String, Object> document) {
        return ResponseEntity.ok()
                .contentType(type)
                .header("Access-Control-Allow-Origin", "*")
                .body(Sending.json(document));
    }
}
