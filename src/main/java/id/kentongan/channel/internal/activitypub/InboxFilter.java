// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.Intake;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.SecurityHeaders;
import id.kentongan.site.spi.SiteContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Where other servers deliver. What is unsigned, wrongly signed, too large or no activity is refused at once; the
 * rest is stored before it is acknowledged. A signature whose key cannot be fetched now is checked by the intake.
 *
 * <p>In front of everything that is made for people (sessions, sign-in, form tokens, pages): a server has none of it,
 * proves itself by its signature, and its whole answer is a status and a line. In a surge of deliveries those stations
 * took more of the processor than all the rest of the way to the stored delivery.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class InboxFilter extends HttpFilter {
    private static final Pattern INBOX = Pattern.compile("/ap/(?:([A-Za-z0-9._-]+)/)?inbox");
    private static final String COME_BACK_SECONDS = "60";
    /** How many deliveries are held in memory at once, with a megabyte each and what is read from it. */
    static final int MOST_AT_ONCE = 64;

    private static final long PATIENCE_SECONDS = 2;

    final transient Semaphore places = new Semaphore(MOST_AT_ONCE, true);

    private final transient LocalActors locals;
    private final transient RemoteActors remotes;
    private final transient Intake intake;
    private final transient Tenants tenants;
    private final transient SiteContext site;
    private final transient SecurityHeaders headers;
    private final transient Clock clock;

    InboxFilter(
            LocalActors locals,
            RemoteActors remotes,
            Intake intake,
            Tenants tenants,
            SiteContext site,
            SecurityHeaders headers,
            Clock clock) {
        this.locals = locals;
        this.remotes = remotes;
        this.intake = intake;
        this.tenants = tenants;
        this.site = site;
        this.headers = headers;
        this.clock = clock;
    }

    /** @param line why not, for the sender; empty when the delivery is stored */
    private record Answer(int status, String line) {}

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var inbox = INBOX.matcher(request.getRequestURI());
        if (!request.getMethod().equals("POST") || !inbox.matches()) {
            chain.doFilter(request, response);
            return;
        }
        Answer answer;
        try {
            answer = answer(request, inbox.group(1));
        } catch (RefusalException refused) {
            answer = refused(refused.refusal());
        }
        write(response, answer);
    }

    /** @param name of the account whose inbox it is, or null for the inbox that all of them share */
    private Answer answer(HttpServletRequest request, @Nullable String name) throws IOException {
        var place = site.place(request);
        if (place.isEmpty()) {
            return new Answer(404, "no such inbox");
        }
        var tenant = tenants.get(place.get().tenant());
        var candidates = name == null
                ? locals.all(tenant.id())
                : locals.find(tenant.id(), name).stream().toList();
        return candidates.isEmpty() ? new Answer(404, "no such inbox") : take(tenant, candidates, request);
    }

    private static Answer refused(Refusal refusal) {
        return switch (refusal.kind()) {
            case NOT_FOUND -> new Answer(404, "no such inbox");
            case INVALID, CONFLICT -> new Answer(422, refusal.code());
            case LIMITED -> new Answer(429, "too much at once");
            case UNAVAILABLE -> new Answer(503, "nothing can be stored for the moment");
        };
    }

    private void write(HttpServletResponse response, Answer answer) throws IOException {
        headers.write(response);
        response.setStatus(answer.status());
        if (answer.status() == 503 || answer.status() == 429) {
            response.setHeader("Retry-After", COME_BACK_SECONDS);
        }
        if (answer.line().isEmpty()) {
            response.setContentLength(0);
            return;
        }
        var bytes = (answer.line() + "\n").getBytes(StandardCharsets.UTF_8);
        response.setContentType("text/plain;charset=UTF-8");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    private Answer take(Tenant tenant, List<LocalActor> candidates, HttpServletRequest request) throws IOException {
        var type = request.getContentType();
        if (type == null || !type.contains("json")) {
            return new Answer(415, "send application/activity+json");
        }
        if (request.getContentLengthLong() > ActivityJson.LARGEST) {
            return new Answer(413, "an activity may have one megabyte");
        }
        if (!hasPlace()) {
            return new Answer(503, "too many deliveries at once");
        }
        try {
            return read(tenant, candidates, request);
        } finally {
            places.release();
        }
    }

    private boolean hasPlace() {
        try {
            return places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Answer read(Tenant tenant, List<LocalActor> candidates, HttpServletRequest request) throws IOException {
        var body = request.getInputStream().readNBytes(ActivityJson.LARGEST + 1);
        if (body.length > ActivityJson.LARGEST) {
            return new Answer(413, "an activity may have one megabyte");
        }
        var signed = SignedRequest.received(tenant, request, body);
        return switch (SignatureReading.of(signed, clock.instant())) {
            case SignatureReading.Unsigned ignored -> new Answer(401, "the request is not signed");
            case SignatureReading.Refused(var reason) -> new Answer(401, reason);
            case SignatureReading.Claim claim -> proven(candidates, claim, signed);
        };
    }

    private Answer proven(List<LocalActor> candidates, SignatureReading.Claim claim, SignedRequest signed) {
        Outline outline;
        try {
            outline = outline(candidates, ActivityJson.parse(signed.body()));
        } catch (ActivityJson.Unreadable e) {
            return new Answer(400, e.code());
        }
        var actor = outline.actor();
        if (actor == null) {
            return new Answer(400, "the activity names no actor");
        }
        return switch (remotes.proveAtDoor(candidates.getFirst(), claim, actor)) {
            case RemoteActors.Proof.Disproven(var code) -> new Answer(401, code);
            case RemoteActors.Proof.Proven(var remote) ->
                accept(outline, StoredRequest.proven(remote.id()), signed.body());
            case RemoteActors.Proof.Gone ignored ->
                outline.endsItself()
                        ? accept(outline, StoredRequest.gone(actor), signed.body())
                        : new Answer(401, "the actor is gone");
            case RemoteActors.Proof.Open ignored -> accept(outline, StoredRequest.open(signed), signed.body());
        };
    }

    /**
     * What is needed of an activity until it is stored. The parsed tree, many times larger than the body, is not kept
     * while another server is asked.
     *
     * @param concerned which of our accounts
     * @param endsItself whether an account says of itself that it is no more
     */
    private record Outline(@Nullable String actor, List<LocalActor> concerned, boolean endsItself) {}

    private static Outline outline(List<LocalActor> candidates, JsonNode activity) {
        var actor = ActivityJson.id(activity, "actor");
        return new Outline(
                actor,
                addressed(candidates, activity),
                actor != null
                        && actor.equals(ActivityJson.id(activity, "object"))
                        && ActivityJson.type(activity).equals("Delete"));
    }

    private Answer accept(Outline outline, Map<String, String> headers, byte[] body) {
        for (var local : outline.concerned()) {
            intake.accept(local.system(), local.account(), headers, body);
        }
        return new Answer(202, "");
    }

    /** Which of our accounts it concerns; what names none (a deletion, an edit) concerns them all. */
    private static List<LocalActor> addressed(List<LocalActor> candidates, JsonNode activity) {
        if (candidates.size() == 1) {
            return candidates;
        }
        var named = new ArrayList<String>(ActivityJson.ids(activity, "to", "cc", "bto", "bcc", "audience", "object"));
        var object = ActivityJson.first(activity.get("object"));
        if (object != null && object.isObject()) {
            named.addAll(ActivityJson.ids(object, "to", "cc", "bto", "bcc", "audience", "inReplyTo", "object", "tag"));
        }
        var concerned = candidates.stream()
                .filter(local -> named.stream().anyMatch(local::owns))
                .toList();
        return concerned.isEmpty() ? candidates : concerned;
    }
}
