// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.Intake;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.spi.OpenPosts;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.privacy.Vault;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The addresses other servers know us by, and the inboxes they deliver to. */
@RestController
class FederationController implements OpenPosts {
    private static final Logger log = LoggerFactory.getLogger(FederationController.class);
    private static final MediaType ACTIVITY = MediaType.parseMediaType(Peers.ACTIVITY);

    private final Peers peers;
    private final Intake intake;
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Clock clock;
    private final ObjectMapper json;

    FederationController(
            Peers peers,
            Intake intake,
            ActorTransactions transactions,
            JdbcClient jdbc,
            Vault vault,
            Clock clock,
            ObjectMapper json) {
        this.peers = peers;
        this.intake = intake;
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.clock = clock;
        this.json = json;
    }

    @Override
    public List<String> patterns() {
        return List.of("/ap/**");
    }

    private static Actor system(Tenant tenant) {
        return Actor.system(tenant.id(), "channel");
    }

    // ---- who we are ---------------------------------------------------------------------------------------------

    @GetMapping("/.well-known/webfinger")
    ResponseEntity<JsonNode> webfinger(Tenant tenant, @RequestParam(defaultValue = "") String resource) {
        var name = resource.startsWith("acct:")
                ? accountName(resource.substring(5), tenant)
                : resource.startsWith(tenant.address() + "/ap/")
                        ? resource.substring((tenant.address() + "/ap/").length())
                        : "";
        var own = peers.own(system(tenant), name)
                .orElseThrow(() -> Refusal.notFound().asException());
        var answer = json.createObjectNode();
        answer.put("subject", "acct:" + own.name() + "@" + tenant.host());
        answer.putArray("aliases").add(own.uri());
        var links = answer.putArray("links");
        links.addObject().put("rel", "self").put("type", Peers.ACTIVITY).put("href", own.uri());
        links.addObject()
                .put("rel", "http://webfinger.net/rel/profile-page")
                .put("type", "text/html")
                .put("href", tenant.address() + "/");
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("application/jrd+json"))
                .body(answer);
    }

    private static String accountName(String account, Tenant tenant) {
        var plain = account.startsWith("@") ? account.substring(1) : account;
        var at = plain.indexOf('@');
        return at > 0 && plain.substring(at + 1).equalsIgnoreCase(tenant.host()) ? plain.substring(0, at) : "";
    }

    @GetMapping("/.well-known/nodeinfo")
    JsonNode nodeinfo(Tenant tenant) {
        var answer = json.createObjectNode();
        answer.putArray("links")
                .addObject()
                .put("rel", "http://nodeinfo.diaspora.software/ns/schema/2.1")
                .put("href", tenant.address() + "/nodeinfo/2.1");
        return answer;
    }

    @GetMapping("/nodeinfo/2.1")
    JsonNode nodeinfo21(Tenant tenant) {
        var answer = json.createObjectNode();
        answer.put("version", "2.1");
        answer.putObject("software").put("name", "kentongan").put("version", "0.1.0");
        answer.putArray("protocols").add("activitypub");
        answer.putObject("services").putArray("inbound");
        ((tools.jackson.databind.node.ObjectNode) answer.path("services")).putArray("outbound");
        answer.put("openRegistrations", false);
        answer.putObject("usage")
                .putObject("users")
                .put("total", peers.all(system(tenant)).size());
        answer.putObject("metadata");
        return answer;
    }

    @GetMapping("/ap/{name}")
    ResponseEntity<JsonNode> actor(Tenant tenant, @PathVariable String name, HttpServletRequest request) {
        var own = own(tenant, name);
        var accept = String.valueOf(request.getHeader("Accept"));
        if (accept.contains("text/html") && !accept.contains("json")) {
            return ResponseEntity.status(HttpStatus.SEE_OTHER)
                    .location(URI.create(tenant.address() + "/"))
                    .build();
        }
        var answer = json.createObjectNode();
        answer.putArray("@context").add("https://www.w3.org/ns/activitystreams").add("https://w3id.org/security/v1");
        answer.put("id", own.uri());
        answer.put("type", "Organization");
        answer.put("preferredUsername", own.name());
        answer.put("name", own.displayName());
        answer.put("summary", own.summary());
        answer.put("url", tenant.address() + "/");
        answer.put("inbox", own.uri() + "/inbox");
        answer.put("outbox", own.uri() + "/outbox");
        answer.put("followers", own.uri() + "/followers");
        answer.put("manuallyApprovesFollowers", false);
        answer.put("discoverable", true);
        answer.putObject("endpoints").put("sharedInbox", tenant.address() + "/ap/inbox");
        answer.putObject("publicKey")
                .put("id", own.keyId())
                .put("owner", own.uri())
                .put("publicKeyPem", own.publicPem());
        return ResponseEntity.ok().contentType(ACTIVITY).body(answer);
    }

    @GetMapping("/ap/{name}/followers")
    ResponseEntity<JsonNode> followers(Tenant tenant, @PathVariable String name) {
        var own = own(tenant, name);
        var total = transactions.read(
                system(tenant),
                () -> jdbc.sql("select count(*) from channel.ap_follower where account_id = ?")
                        .param(own.id().value())
                        .query(Integer.class)
                        .single());
        var answer = json.createObjectNode();
        answer.put("@context", "https://www.w3.org/ns/activitystreams");
        answer.put("id", own.uri() + "/followers");
        answer.put("type", "OrderedCollection");
        answer.put("totalItems", total);
        // Who follows is theirs to tell, not ours.
        answer.putArray("orderedItems");
        return ResponseEntity.ok().contentType(ACTIVITY).body(answer);
    }

    @GetMapping("/ap/{name}/outbox")
    ResponseEntity<JsonNode> outbox(
            Tenant tenant, @PathVariable String name, @RequestParam(required = false) @Nullable String before) {
        var own = own(tenant, name);
        var actor = system(tenant);
        var answer = json.createObjectNode();
        answer.put("@context", "https://www.w3.org/ns/activitystreams");
        if (before == null) {
            answer.put("id", own.uri() + "/outbox");
            answer.put("type", "OrderedCollection");
            answer.put(
                    "totalItems",
                    transactions.read(
                            actor,
                            () -> jdbc.sql(
                                            "select count(*) from channel.ap_object where account_id = ? and open and deleted_at is null")
                                    .param(own.id().value())
                                    .query(Integer.class)
                                    .single()));
            answer.put("first", own.uri() + "/outbox?before=ffffffff-ffff-7fff-bfff-ffffffffffff");
            return ResponseEntity.ok().contentType(ACTIVITY).body(answer);
        }
        answer.put("id", own.uri() + "/outbox?before=" + uuid(before));
        answer.put("type", "OrderedCollectionPage");
        answer.put("partOf", own.uri() + "/outbox");
        var items = answer.putArray("orderedItems");
        transactions
                .read(
                        actor,
                        () -> jdbc.sql("""
                                select sealed from channel.ap_object
                                where account_id = ? and open and deleted_at is null and id < ?
                                order by id desc
                                limit 20
                                """)
                                .params(own.id().value(), uuid(before))
                                .query((row, n) -> json.readTree(
                                        vault.openForTenant(actor, ActivityPubAdapter.OBJECT, row.getBytes(1))))
                                .list())
                .forEach(note -> {
                    var create = items.addObject();
                    create.put("id", note.path("id").asString("") + "#create");
                    create.put("type", "Create");
                    create.put("actor", own.uri());
                    create.set("object", note);
                });
        return ResponseEntity.ok().contentType(ACTIVITY).body(answer);
    }

    @GetMapping("/ap/o/{id}")
    ResponseEntity<JsonNode> object(Tenant tenant, @PathVariable String id) {
        var actor = system(tenant);
        record Kept(JsonNode note, boolean gone) {}
        var kept = transactions
                .read(
                        actor,
                        () -> jdbc.sql(
                                        "select sealed, deleted_at is not null from channel.ap_object where id = ? and open")
                                .param(uuid(id))
                                .query((row, n) -> new Kept(
                                        json.readTree(
                                                vault.openForTenant(actor, ActivityPubAdapter.OBJECT, row.getBytes(1))),
                                        row.getBoolean(2)))
                                .optional())
                .orElseThrow(() -> Refusal.notFound().asException());
        if (kept.gone()) {
            var tombstone = json.createObjectNode();
            tombstone.put("@context", "https://www.w3.org/ns/activitystreams");
            tombstone.put("id", kept.note().path("id").asString(""));
            tombstone.put("type", "Tombstone");
            return ResponseEntity.status(HttpStatus.GONE).contentType(ACTIVITY).body(tombstone);
        }
        return ResponseEntity.ok().contentType(ACTIVITY).body(kept.note());
    }

    private Peers.Own own(Tenant tenant, String name) {
        return peers.own(system(tenant), name)
                .orElseThrow(() -> Refusal.notFound().asException());
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.notFound().asException();
        }
    }

    // ---- what is delivered --------------------------------------------------------------------------------------

    @PostMapping("/ap/inbox")
    ResponseEntity<String> sharedInbox(Tenant tenant, HttpServletRequest request) throws IOException {
        return deliver(tenant, null, request);
    }

    @PostMapping("/ap/{name}/inbox")
    ResponseEntity<String> inbox(Tenant tenant, @PathVariable String name, HttpServletRequest request)
            throws IOException {
        return deliver(tenant, own(tenant, name), request);
    }

    private ResponseEntity<String> deliver(Tenant tenant, Peers.@Nullable Own named, HttpServletRequest request)
            throws IOException {
        if (request.getContentLengthLong() > SafeFetcher.LARGEST_DOCUMENT) {
            return answer(HttpStatus.CONTENT_TOO_LARGE, "the delivery is larger than one megabyte");
        }
        var body = request.getInputStream().readNBytes(SafeFetcher.LARGEST_DOCUMENT + 1);
        if (body.length > SafeFetcher.LARGEST_DOCUMENT) {
            return answer(HttpStatus.CONTENT_TOO_LARGE, "the delivery is larger than one megabyte");
        }
        var signed = signedRequest(tenant, request, body);
        var reading = SignatureReading.of(signed, clock.instant());
        if (reading instanceof SignatureReading.Unsigned) {
            return answer(HttpStatus.UNAUTHORIZED, "the delivery is not signed");
        }
        if (reading instanceof SignatureReading.Refused refused) {
            return answer(HttpStatus.UNAUTHORIZED, refused.reason());
        }
        var claim = (SignatureReading.Claim) reading;
        JsonNode activity;
        try {
            activity = json.readTree(body);
        } catch (JacksonException | StackOverflowError e) {
            return answer(HttpStatus.BAD_REQUEST, "the delivery is not JSON, or nested too deeply");
        }
        var who = ActivityPubAdapter.id(activity.path("actor"));
        if (who.isEmpty() || !Peers.sameHost(who, claim.keyId())) {
            return answer(HttpStatus.UNAUTHORIZED, "the actor lies on another host than its key");
        }
        var system = system(tenant);
        if (!proven(system, who, claim)) {
            return answer(HttpStatus.UNAUTHORIZED, "the signature does not hold");
        }
        var account = named != null ? named : addressed(system, body);
        if (account == null) {
            return answer(HttpStatus.NOT_FOUND, "no account here");
        }
        intake.accept(system, account.id(), Map.of("verified-actor", who), body);
        return ResponseEntity.accepted().build();
    }

    /** With the key we know; once more with the key as it is now, since it may have been rotated. */
    private boolean proven(Actor system, String who, SignatureReading.Claim claim) {
        try {
            var known = peers.person(system, who);
            if (known.person().keyId().equals(claim.keyId()) && known.key() != null && claim.provenBy(known.key())) {
                return true;
            }
            var fresh = peers.refetch(system, who);
            return fresh.person().keyId().equals(claim.keyId()) && fresh.key() != null && claim.provenBy(fresh.key());
        } catch (IOException e) {
            log.debug("An actor could not be fetched: {}", e.getMessage());
            return false;
        }
    }

    /** Whose the delivery is: the first account named anywhere in it, or the oldest one. */
    private Peers.@Nullable Own addressed(Actor system, byte[] body) {
        var all = peers.all(system);
        var text = new String(body, StandardCharsets.UTF_8);
        return all.stream()
                .filter(own -> text.contains(own.uri()))
                .findFirst()
                .orElse(all.isEmpty() ? null : all.getFirst());
    }

    private static SignedRequest signedRequest(Tenant tenant, HttpServletRequest request, byte[] body) {
        Map<String, List<String>> headers = new HashMap<>();
        for (var name : Collections.list(request.getHeaderNames())) {
            headers.put(name, Collections.list(request.getHeaders(name)));
        }
        var query = request.getQueryString();
        var scheme = URI.create(tenant.address()).getScheme();
        return new SignedRequest(
                request.getMethod(),
                scheme,
                String.valueOf(request.getHeader("Host")),
                request.getRequestURI() + (query == null ? "" : "?" + query),
                headers,
                body);
    }

    private static ResponseEntity<String> answer(HttpStatus status, String why) {
        return ResponseEntity.status(status).contentType(MediaType.TEXT_PLAIN).body(why + "\n");
    }
}
