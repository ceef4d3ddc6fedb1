// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.spi.ChannelAdapter.NewCredentials;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.Vault;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Other servers' actors with their keys, our own accounts with theirs, and signed requests between them. */
@Component
class Peers {
    static final String ACTIVITY = "application/activity+json";
    private static final String ACCEPT =
            "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
    private static final String PURPOSE = "channel.ap_actor";
    private static final Duration FRESH = Duration.ofDays(1);
    private static final Duration BETWEEN_REFETCHES = Duration.ofMinutes(1);

    private final SafeFetcher fetcher;
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Tenants tenants;
    private final Clock clock;
    private final ObjectMapper json;
    private final Cache<String, Known> actors = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofHours(1))
            .maximumSize(20_000)
            .build();
    private final Cache<AccountId, Own> accounts =
            Caffeine.newBuilder().expireAfterWrite(Duration.ofMinutes(5)).build();

    Peers(
            SafeFetcher fetcher,
            ActorTransactions transactions,
            JdbcClient jdbc,
            Vault vault,
            Tenants tenants,
            Clock clock,
            ObjectMapper json) {
        this.fetcher = fetcher;
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.tenants = tenants;
        this.clock = clock;
        this.json = json;
    }

    /** An actor as kept. */
    record Person(
            String uri,
            String inbox,
            @Nullable String sharedInbox,
            String handle,
            String name,
            @Nullable String url,
            boolean automated,
            String keyId,
            String keyPem) {}

    record Known(Person person, @Nullable PublicKey key, Instant fetchedAt) {}

    /** One of our accounts with its key. */
    record Own(
            AccountId id,
            String name,
            String displayName,
            String summary,
            String uri,
            String publicPem,
            PrivateKey key) {
        String keyId() {
            return uri + "#main-key";
        }
    }

    static NewCredentials newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var pair = generator.generateKeyPair();
            return new NewCredentials(pair.getPrivate().getEncoded(), PublicKeys.toPem(pair.getPublic()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- our own ------------------------------------------------------------------------------------------------

    Optional<Own> own(Actor actor, String name) {
        return transactions
                .read(
                        actor,
                        () -> jdbc.sql("select id from channel.account where network = 'activitypub' and name = ?")
                                .param(name)
                                .query((row, n) -> new AccountId(row.getObject(1, UUID.class)))
                                .optional())
                .map(id -> own(actor, id));
    }

    List<Own> all(Actor actor) {
        return transactions
                .read(
                        actor,
                        () -> jdbc.sql(
                                        "select id from channel.account where network = 'activitypub' order by created_at")
                                .query((row, n) -> new AccountId(row.getObject(1, UUID.class)))
                                .list())
                .stream()
                .map(id -> own(actor, id))
                .toList();
    }

    Own own(Actor actor, AccountId id) {
        var known = accounts.getIfPresent(id);
        if (known != null) {
            return known;
        }
        var found = transactions.read(
                actor,
                () -> jdbc.sql(
                                "select name, display_name, summary, credentials, public_key from channel.account where id = ?")
                        .param(id.value())
                        .query((row, n) -> {
                            try {
                                var key = KeyFactory.getInstance("RSA")
                                        .generatePrivate(new PKCS8EncodedKeySpec(vault.openForTenant(
                                                actor, "channel.account.credentials", row.getBytes(4))));
                                return new Own(
                                        id,
                                        row.getString(1),
                                        row.getString(2),
                                        row.getString(3),
                                        tenants.get(actor.tenant()).address() + "/ap/" + row.getString(1),
                                        row.getString(5),
                                        key);
                            } catch (GeneralSecurityException e) {
                                throw new IllegalStateException("The account's key is damaged", e);
                            }
                        })
                        .single());
        accounts.put(id, found);
        return found;
    }

    // ---- theirs -------------------------------------------------------------------------------------------------

    /** The actor, from memory, the database or its own server. */
    Known person(Actor actor, String uri) throws IOException {
        var cacheKey = actor.tenant() + " " + uri;
        var known = actors.getIfPresent(cacheKey);
        if (known != null && known.fetchedAt().isAfter(clock.instant().minus(FRESH))) {
            return known;
        }
        var stored = stored(actor, uri);
        if (stored.isPresent()
                && stored.get().fetchedAt().isAfter(clock.instant().minus(FRESH))) {
            actors.put(cacheKey, stored.get());
            return stored.get();
        }
        try {
            return refetch(actor, uri);
        } catch (IOException e) {
            if (stored.isPresent()) {
                return stored.get();
            }
            throw e;
        }
    }

    /** Fetches the actor anew, at most once a minute: a key may have been rotated. */
    Known refetch(Actor actor, String uri) throws IOException {
        var cacheKey = actor.tenant() + " " + uri;
        var known = actors.getIfPresent(cacheKey);
        if (known != null && known.fetchedAt().isAfter(clock.instant().minus(BETWEEN_REFETCHES))) {
            return known;
        }
        var document = document(actor, uri);
        var fetched = read(document, uri);
        var sealed = vault.sealForTenant(actor, PURPOSE, json.writeValueAsBytes(fetched.person()));
        transactions.run(
                actor,
                () -> jdbc.sql("""
                        insert into channel.ap_actor (tenant_id, uri_hash, sealed, fetched_at)
                        values (?, ?, ?, ?)
                        on conflict (tenant_id, uri_hash) do update
                        set sealed = excluded.sealed, fetched_at = excluded.fetched_at
                        """)
                        .params(
                                actor.tenant().value(),
                                vault.keyedHash(actor, PURPOSE, uri),
                                sealed,
                                Timestamp.from(fetched.fetchedAt()))
                        .update());
        actors.put(cacheKey, fetched);
        return fetched;
    }

    void forget(Actor actor, String uri) {
        actors.invalidate(actor.tenant() + " " + uri);
        transactions.run(
                actor,
                () -> jdbc.sql("delete from channel.ap_actor where uri_hash = ?")
                        .param(vault.keyedHash(actor, PURPOSE, uri))
                        .update());
    }

    private Optional<Known> stored(Actor actor, String uri) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select sealed, fetched_at from channel.ap_actor where uri_hash = ?")
                        .param(vault.keyedHash(actor, PURPOSE, uri))
                        .query((row, n) -> {
                            var person =
                                    json.readValue(vault.openForTenant(actor, PURPOSE, row.getBytes(1)), Person.class);
                            return new Known(
                                    person,
                                    PublicKeys.fromPem(person.keyPem()),
                                    row.getTimestamp(2).toInstant());
                        })
                        .optional());
    }

    private Known read(JsonNode document, String uri) throws IOException {
        var id = document.path("id").asString("");
        if (!id.equals(uri)) {
            throw new SafeFetcher.Unreachable("the actor's document is another's");
        }
        var inbox = document.path("inbox").asString("");
        var key = document.path("publicKey");
        if (key.isArray() && !key.isEmpty()) {
            key = key.get(0);
        }
        var pem = key.path("publicKeyPem").asString("");
        var owner = key.path("owner").asString(id);
        if (inbox.isEmpty() || !sameHost(inbox, uri) || (!pem.isEmpty() && !owner.equals(id))) {
            throw new SafeFetcher.Unreachable("the actor's document does not hold together");
        }
        var type = document.path("type").asString("Person");
        var user = document.path("preferredUsername").asString("");
        var shared = document.path("endpoints").path("sharedInbox").asString("");
        var handle = "@" + user + "@" + URI.create(uri).getAuthority();
        var name = document.path("name").asString("");
        var person = new Person(
                uri,
                inbox,
                shared.isEmpty() || !sameHost(shared, uri) ? null : shared,
                handle,
                name.isBlank() ? user : name,
                link(document.path("url")),
                type.equals("Service") || type.equals("Application"),
                key.path("id").asString(uri + "#main-key"),
                pem);
        return new Known(person, PublicKeys.fromPem(pem), clock.instant());
    }

    static @Nullable String link(JsonNode node) {
        var value = node.isArray() && !node.isEmpty() ? node.get(0) : node;
        var text = value.isString() ? value.asString("") : value.path("href").asString("");
        return text.isEmpty() ? null : text;
    }

    static boolean sameHost(String one, String other) {
        try {
            var first = URI.create(one).getAuthority();
            return first != null && first.equalsIgnoreCase(URI.create(other).getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A document of another server, asked for with our signature, since some show theirs to nobody else. */
    JsonNode document(Actor actor, String address) throws IOException {
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException e) {
            throw new SafeFetcher.Unreachable("not an address");
        }
        var headers = new LinkedHashMap<String, String>();
        headers.put("Accept", ACCEPT);
        var ours = all(actor);
        if (!ours.isEmpty()) {
            headers.putAll(CavageSignature.sign(
                    SignedRequest.of("GET", uri, Map.of("host", List.of(uri.getAuthority())), new byte[0]),
                    ours.getFirst().keyId(),
                    ours.getFirst().key(),
                    clock.instant()));
        }
        var answer = fetcher.get(uri, headers, SafeFetcher.LARGEST_DOCUMENT);
        if (answer.status() != 200) {
            throw new IOException("the server answered " + answer.status());
        }
        try {
            return json.readTree(answer.body());
        } catch (JacksonException e) {
            throw new SafeFetcher.Unreachable("the answer is not JSON");
        }
    }

    /** A picture or another file, within the size. */
    SafeFetcher.Answer file(String address, int largest) throws IOException {
        try {
            return fetcher.get(URI.create(address), Map.of(), largest);
        } catch (IllegalArgumentException e) {
            throw new SafeFetcher.Unreachable("not an address");
        }
    }

    // ---- sending ------------------------------------------------------------------------------------------------

    private record Host(
            String signature, int failures, @Nullable Instant parkedUntil) {}

    /** Posts a document, signed the way the host is known to take; a refusal is tried once the other way. */
    SafeFetcher.Answer post(Actor actor, Own own, String inbox, byte[] body) throws IOException {
        var uri = URI.create(inbox);
        var host = host(actor, uri.getAuthority());
        var answer = signed(own, uri, body, host.signature());
        if (answer.status() == 401 || answer.status() == 403) {
            var other = host.signature().equals("cavage") ? "rfc9421" : "cavage";
            var second = signed(own, uri, body, other);
            if (second.status() / 100 == 2) {
                remember(actor, uri.getAuthority(), other, 0);
            }
            return second;
        }
        if (answer.status() / 100 == 2 && host.failures() > 0) {
            remember(actor, uri.getAuthority(), host.signature(), 0);
        }
        return answer;
    }

    private SafeFetcher.Answer signed(Own own, URI uri, byte[] body, String way) throws IOException {
        Map<String, List<String>> known = new HashMap<>();
        known.put("host", List.of(uri.getAuthority()));
        known.put("content-type", List.of(ACTIVITY));
        var request = SignedRequest.of("POST", uri, known, body);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", ACTIVITY);
        headers.put("Accept", ACTIVITY);
        headers.putAll(
                way.equals("rfc9421")
                        ? MessageSignature.sign(request, own.keyId(), own.key(), clock.instant())
                        : CavageSignature.sign(request, own.keyId(), own.key(), clock.instant()));
        return fetcher.post(uri, headers, body);
    }

    /** How long nothing should be sent there, because the host stopped answering; zero when it may be tried. */
    Duration parked(Actor actor, String inbox) {
        var until = host(actor, URI.create(inbox).getAuthority()).parkedUntil();
        return until == null || until.isBefore(clock.instant())
                ? Duration.ZERO
                : Duration.between(clock.instant(), until);
    }

    void failed(Actor actor, String inbox) {
        var name = URI.create(inbox).getAuthority();
        var host = host(actor, name);
        remember(actor, name, host.signature(), host.failures() + 1);
    }

    private Host host(Actor actor, String name) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select signature, failures, parked_until from channel.ap_host where host = ?")
                        .param(name)
                        .query((row, n) -> {
                            var until = row.getTimestamp(3);
                            return new Host(row.getString(1), row.getInt(2), until == null ? null : until.toInstant());
                        })
                        .optional()
                        .orElse(new Host("cavage", 0, null)));
    }

    /** From the tenth failure on the host is left alone for an hour at a time. */
    private void remember(Actor actor, String name, String signature, int failures) {
        var until = failures >= 10 ? Timestamp.from(clock.instant().plus(Duration.ofHours(1))) : null;
        transactions.run(
                actor,
                () -> jdbc.sql("""
                        insert into channel.ap_host (tenant_id, host, signature, failures, parked_until)
                        values (:tenant, :host, :signature, :failures, :until)
                        on conflict (tenant_id, host) do update
                        set signature = excluded.signature, failures = excluded.failures,
                            parked_until = excluded.parked_until
                        """)
                        .param("tenant", actor.tenant().value())
                        .param("host", name)
                        .param("signature", signature)
                        .param("failures", failures)
                        .param("until", until)
                        .update());
    }
}
