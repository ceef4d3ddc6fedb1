// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.Intake;
import id.kentongan.identity.Tenant;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Where other servers deliver. What is unsigned, wrongly signed, too large or no activity is refused at once; the
 * rest is stored before it is acknowledged. A signature whose key cannot be fetched now is checked by the intake.
 */
@RestController
class InboxController {
    private final LocalActors locals;
    private final RemoteActors remotes;
    private final Intake intake;
    private final Clock clock;

    InboxController(LocalActors locals, RemoteActors remotes, Intake intake, Clock clock) {
        this.locals = locals;
        this.remotes = remotes;
        this.intake = intake;
        this.clock = clock;
    }

    @PostMapping("/ap/{name}/inbox")
    ResponseEntity<String> inbox(Tenant tenant, @PathVariable String name, HttpServletRequest request)
            throws IOException {
        var own = locals.find(tenant.id(), name);
        return own.isEmpty() ? answer(404, "no such inbox") : take(tenant, List.of(own.get()), request);
    }

    @PostMapping("/ap/inbox")
    ResponseEntity<String> sharedInbox(Tenant tenant, HttpServletRequest request) throws IOException {
        var all = locals.all(tenant.id());
        return all.isEmpty() ? answer(404, "no such inbox") : take(tenant, all, request);
    }

    private ResponseEntity<String> take(Tenant tenant, List<LocalActor> candidates, HttpServletRequest request)
            throws IOException {
        var type = request.getContentType();
        if (type == null || !(type.contains("json"))) {
            return answer(415, "send application/activity+json");
        }
        if (request.getContentLengthLong() > ActivityJson.LARGEST) {
            return answer(413, "an activity may have one megabyte");
        }
        var body = request.getInputStream().readNBytes(ActivityJson.LARGEST + 1);
        if (body.length > ActivityJson.LARGEST) {
            return answer(413, "an activity may have one megabyte");
        }
        var signed = signed(tenant, request, body);
        return switch (SignatureReading.of(signed, clock.instant())) {
            case SignatureReading.Unsigned ignored -> answer(401, "the request is not signed");
            case SignatureReading.Refused(var reason) -> answer(401, reason);
            case SignatureReading.Claim claim -> proven(candidates, claim, signed);
        };
    }

    private ResponseEntity<String> proven(
            List<LocalActor> candidates, SignatureReading.Claim claim, SignedRequest signed) {
        JsonNode activity;
        try {
            activity = ActivityJson.parse(signed.body());
        } catch (ActivityJson.Unreadable e) {
            return answer(400, e.code());
        }
        var actor = ActivityJson.id(activity, "actor");
        if (actor == null) {
            return answer(400, "the activity names no actor");
        }
        return switch (remotes.prove(candidates.getFirst(), claim, actor)) {
            case RemoteActors.Proof.Disproven(var code) -> answer(401, code);
            case RemoteActors.Proof.Proven(var remote) ->
                accept(candidates, activity, StoredRequest.proven(remote.id()), signed.body());
            case RemoteActors.Proof.Gone ignored ->
                actor.equals(ActivityJson.id(activity, "object"))
                                && ActivityJson.type(activity).equals("Delete")
                        ? accept(candidates, activity, StoredRequest.gone(actor), signed.body())
                        : answer(401, "the actor is gone");
            case RemoteActors.Proof.Open ignored ->
                accept(candidates, activity, StoredRequest.open(signed), signed.body());
        };
    }

    private ResponseEntity<String> accept(
            List<LocalActor> candidates, JsonNode activity, Map<String, String> headers, byte[] body) {
        for (var local : addressed(candidates, activity)) {
            intake.accept(local.system(), local.account(), headers, body);
        }
        return ResponseEntity.accepted().build();
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

    private SignedRequest signed(Tenant tenant, HttpServletRequest request, byte[] body) {
        var headers = new LinkedHashMap<String, List<String>>();
        for (var name : Collections.list(request.getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
        }
        var target = request.getRequestURI();
        if (request.getQueryString() != null) {
            target += "?" + request.getQueryString();
        }
        var base = tenant.address();
        var scheme = base.substring(0, base.indexOf(':'));
        var host = request.getHeader("Host");
        return new SignedRequest("POST", scheme, host == null ? tenant.host() : host, target, headers, body);
    }

    private static ResponseEntity<String> answer(int status, String line) {
        return ResponseEntity.status(status).contentType(MediaType.TEXT_PLAIN).body(line + "\n");
    }
}
