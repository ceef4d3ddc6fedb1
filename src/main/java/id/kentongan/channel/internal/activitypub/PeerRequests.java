// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.spi.SendOutcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Signed requests to other servers: documents fetched, activities delivered. */
@Component
class PeerRequests {
    private static final Logger log = LoggerFactory.getLogger(PeerRequests.class);

    static final String ACTIVITY = "application/activity+json";
    private static final String LINKED_DATA = "application/ld+json";
    private static final String PROFILE = "https://www.w3.org/ns/activitystreams";
    private static final String WANTED = ACTIVITY + ", " + LINKED_DATA + "; profile=\"" + PROFILE + "\"";
    private static final int MOST_REDIRECTS = 3;
    private static final Duration SHORT_WAIT = Duration.ofSeconds(2);

    private final PeerHttp http;
    private final LocalActors locals;
    private final Peers peers;
    private final Clock clock;

    PeerRequests(PeerHttp http, LocalActors locals, Peers peers, Clock clock) {
        this.http = http;
        this.locals = locals;
        this.peers = peers;
        this.clock = clock;
    }

    /** What became of a fetch. */
    sealed interface Fetched {
        record Document(JsonNode node) implements Fetched {}

        /** The server says, of its own address, that what was there was taken away for good. */
        record Gone() implements Fetched {}

        /** The server knows nothing there now: never was, not any more, or not for the moment. */
        record Absent() implements Fetched {}

        /** No usable answer; {@code passing} when later may be better. */
        record Failed(String code, boolean passing) implements Fetched {}
    }

    Fetched get(LocalActor signer, String address) {
        var uri = ActivityJson.address(ActivityJson.withoutFragment(address));
        for (var redirects = 0; uri != null && redirects <= MOST_REDIRECTS; redirects++) {
            try {
                var answer = getOnce(signer, uri);
                if (answer.status() >= 300 && answer.status() < 400 && answer.header("location") != null) {
                    uri = redirected(uri, String.valueOf(answer.header("location")));
                    continue;
                }
                return answer.status() == 410 && ActivityJson.sameServer(address, uri.toString())
                        ? new Fetched.Gone()
                        : read(uri, answer);
            } catch (PeerAddresses.RefusedAddress e) {
                return new Fetched.Failed("address-refused", false);
            } catch (PeerHttp.TooLarge e) {
                return new Fetched.Failed("too-large", false);
            } catch (IOException | RuntimeException e) {
                log.info(
                        "{} could not be asked ({})",
                        uri.getRawAuthority(),
                        e.getClass().getSimpleName());
                return new Fetched.Failed("peer-unreachable", true);
            }
        }
        return new Fetched.Failed("address-refused", false);
    }

    /** The bytes of a file on another server, unsigned, or null. */
    byte @Nullable [] file(String address, int largest) {
        var uri = ActivityJson.address(address);
        for (var redirects = 0; uri != null && redirects <= MOST_REDIRECTS; redirects++) {
            try {
                var answer = http.get(uri, Map.of("Accept", "image/*"), largest);
                if (answer.status() >= 300 && answer.status() < 400 && answer.header("location") != null) {
                    uri = redirected(uri, String.valueOf(answer.header("location")));
                    continue;
                }
                return answer.status() == 200 ? answer.body() : null;
            } catch (IOException | RuntimeException e) {
                return null;
            }
        }
        return null;
    }

    /** Delivers an activity to one inbox, signed as the server is known to want it, the other way on a 401. */
    SendOutcome post(LocalActor signer, String inbox, byte[] body) {
        var uri = ActivityJson.address(inbox);
        if (uri == null) {
            return new SendOutcome.Refused("address-refused");
        }
        var actor = signer.system();
        var peer = peers.get(actor, uri.getRawAuthority());
        if (peer.parkedUntil() != null && peer.rests(clock.instant())) {
            return new SendOutcome.Retry(Duration.between(clock.instant(), peer.parkedUntil()), "peer-rests");
        }
        try {
            var signing = peer.signing();
            var answer = http.post(uri, signed(signer, uri, body, signing), body);
            if (answer.status() == 401) {
                signing = signing.other();
                answer = http.post(uri, signed(signer, uri, body, signing), body);
            }
            if (answer.status() >= 500) {
                peers.failed(actor, peer);
            } else if (answer.status() != 401) {
                peers.worked(actor, peer, signing);
            }
            return outcome(answer);
        } catch (PeerAddresses.RefusedAddress e) {
            return new SendOutcome.Refused("address-refused");
        } catch (IOException | RuntimeException e) {
            peers.failed(actor, peer);
            return neverLeft(e)
                    ? new SendOutcome.Retry(SHORT_WAIT, "peer-unreachable")
                    : new SendOutcome.Unknown("no-answer");
        }
    }

    /** Whether no connection was made at all; whatever else breaks may break after the server has taken it. */
    private static boolean neverLeft(Exception e) {
        return e instanceof ConnectException
                || e instanceof ConnectTimeoutException
                || e instanceof ConnectionRequestTimeoutException
                || e instanceof UnknownHostException
                || e instanceof SSLHandshakeException;
    }

    private PeerHttp.Answer getOnce(LocalActor signer, URI uri) throws IOException {
        var peer = peers.get(signer.system(), uri.getRawAuthority());
        var answer = http.get(uri, headers(signer, "GET", uri, new byte[0], peer.signing()), ActivityJson.LARGEST);
        if (answer.status() == 401) {
            var other = peer.signing().other();
            answer = http.get(uri, headers(signer, "GET", uri, new byte[0], other), ActivityJson.LARGEST);
            if (answer.status() == 200) {
                peers.worked(signer.system(), peer, other);
            }
        }
        return answer;
    }

    private Map<String, String> signed(LocalActor signer, URI uri, byte[] body, Peers.Signing signing) {
        var headers = headers(signer, "POST", uri, body, signing);
        headers.put("Content-Type", ACTIVITY);
        return headers;
    }

    private Map<String, String> headers(LocalActor signer, String method, URI uri, byte[] body, Peers.Signing signing) {
        var request = SignedRequest.of(method, uri, Map.of(), body);
        var key = locals.key(signer);
        var now = clock.instant();
        var headers = new LinkedHashMap<>(
                signing == Peers.Signing.CAVAGE
                        ? CavageSignature.sign(request, signer.keyId(), key, now)
                        : MessageSignature.sign(request, signer.keyId(), key, now));
        headers.put("Accept", WANTED);
        return headers;
    }

    private static @Nullable URI redirected(URI from, String location) {
        try {
            return ActivityJson.address(from.resolve(location).toString());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * @param answered where the answer came from, after all redirections. Only what a document's own server answers is
     *     believed: else an open redirection would speak for everybody there
     */
    private static Fetched read(URI answered, PeerHttp.Answer answer) {
        if (answer.status() == 404 || answer.status() == 410) {
            return new Fetched.Absent();
        }
        if (answer.status() != 200) {
            return new Fetched.Failed(
                    "peer-answered-" + answer.status(), answer.status() >= 500 || answer.status() == 429);
        }
        if (!isActivityStreams(answer.header("content-type"))) {
            return new Fetched.Failed("not-a-document", false);
        }
        try {
            var document = ActivityJson.parse(answer.body());
            return ActivityJson.sameServer(ActivityJson.text(document, "id"), answered.toString())
                    ? new Fetched.Document(document)
                    : new Fetched.Failed("document-of-another-server", false);
        } catch (ActivityJson.Unreadable e) {
            return new Fetched.Failed(e.code(), false);
        }
    }

    /**
     * Whether the server itself calls it ActivityStreams. Plain JSON is not enough: many servers give out under that
     * type what their members have uploaded, who could so write themselves a document about anybody there.
     */
    private static boolean isActivityStreams(@Nullable String contentType) {
        var type = ContentType.parseLenient(contentType);
        if (type == null) {
            return false;
        }
        if (type.isSameMimeType(ContentType.create(ACTIVITY))) {
            return true;
        }
        var profiles = type.getParameter("profile");
        return type.isSameMimeType(ContentType.create(LINKED_DATA))
                && profiles != null
                && List.of(profiles.split(" ")).contains(PROFILE);
    }

    private SendOutcome outcome(PeerHttp.Answer answer) {
        var status = answer.status();
        if (status >= 200 && status < 300) {
            return new SendOutcome.Sent("", null);
        }
        return switch (status) {
            case 404, 410 -> new SendOutcome.Refused("recipient-gone");
            case 400, 403, 405, 406, 413, 415, 422, 451 -> new SendOutcome.Refused("peer-refused");
            // Some servers answer 401 while they cannot fetch our key; it may pass.
            case 401 -> new SendOutcome.Retry(Duration.ofMinutes(5), "peer-doubts-signature");
            case 429 -> new SendOutcome.Retry(retryAfter(answer, Duration.ofMinutes(5)), "peer-limits");
            default -> new SendOutcome.Retry(retryAfter(answer, SHORT_WAIT), "peer-in-trouble");
        };
    }

    private Duration retryAfter(PeerHttp.Answer answer, Duration otherwise) {
        var header = answer.header("retry-after");
        if (header == null) {
            return otherwise;
        }
        try {
            var wait = header.matches("\\d{1,6}")
                    ? Duration.ofSeconds(Long.parseLong(header))
                    : Duration.between(
                            clock.instant(),
                            ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            return wait.isNegative() ? otherwise : wait.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1) : wait;
        } catch (DateTimeException e) {
            return otherwise;
        }
    }
}
