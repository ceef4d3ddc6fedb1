// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.internal.activitypub.StructuredFields.Bare;
import id.kentongan.channel.internal.activitypub.StructuredFields.Bytes;
import id.kentongan.channel.internal.activitypub.StructuredFields.InnerList;
import id.kentongan.channel.internal.activitypub.StructuredFields.Item;
import id.kentongan.channel.internal.activitypub.StructuredFields.Malformed;
import id.kentongan.channel.internal.activitypub.StructuredFields.Member;
import id.kentongan.channel.internal.activitypub.StructuredFields.Text;
import id.kentongan.channel.internal.activitypub.StructuredFields.Whole;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * HTTP Message Signatures (RFC 9421) for requests, with the coverage the fediverse agreed on: method, target
 * and, with a body, Content-Digest; {@code created} is required.
 */
final class MessageSignature {
    private static final int MOST_SIGNATURES = 4;
    private static final String LABEL = "sig1";

    private MessageSignature() {}

    static SignatureReading read(SignedRequest request, Instant now) {
        var inputLine = request.header("signature-input");
        var signatureLine = request.header("signature");
        if (inputLine == null || signatureLine == null) {
            return new SignatureReading.Refused("Signature-Input and Signature must come together");
        }
        Map<String, Member> inputs;
        Map<String, Member> signatures;
        try {
            inputs = StructuredFields.dictionary(inputLine);
            signatures = StructuredFields.dictionary(signatureLine);
        } catch (Malformed e) {
            return new SignatureReading.Refused("a signature header is malformed: " + e.getMessage());
        }
        if (inputs.isEmpty() || inputs.size() > MOST_SIGNATURES) {
            return new SignatureReading.Refused("the number of signatures is not acceptable");
        }
        SignatureReading last = new SignatureReading.Refused("no signature is acceptable");
        for (var input : inputs.entrySet()) {
            last = readOne(input.getValue(), signatures.get(input.getKey()), request, now);
            if (last instanceof SignatureReading.Claim) {
                return last;
            }
        }
        return last;
    }

    private static SignatureReading readOne(
            Member input, @Nullable Member signature, SignedRequest request, Instant now) {
        if (!(input instanceof InnerList list)) {
            return new SignatureReading.Refused("Signature-Input names no list of components");
        }
        if (!(signature instanceof Item item && item.value() instanceof Bytes(byte[] bytes))) {
            return new SignatureReading.Refused("the signature's bytes are missing");
        }
        var fault = fault(list, request, now);
        if (fault != null) {
            return new SignatureReading.Refused(fault);
        }
        var parameters = list.parameters();
        if (!(parameters.get("keyid") instanceof Text(String keyId)) || keyId.isEmpty()) {
            return new SignatureReading.Refused("the signature names no key");
        }
        SignatureAlgorithm algorithm = null;
        if (parameters.containsKey("alg")) {
            algorithm = parameters.get("alg") instanceof Text(String name) ? SignatureAlgorithm.named(name) : null;
            if (algorithm == null) {
                return new SignatureReading.Refused("the signature's algorithm is not accepted");
            }
        }
        try {
            return new SignatureReading.Claim(keyId, algorithm, base(list, request), bytes);
        } catch (Malformed e) {
            return new SignatureReading.Refused(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable String fault(InnerList list, SignedRequest request, Instant now) {
        var covered = covered(list);
        if (covered == null) {
            return "a component is not acceptable";
        }
        if (!covered.contains("@method")) {
            return "the signature does not cover the method";
        }
        var target = covered.contains("@target-uri")
                || (covered.contains("@authority")
                        && (covered.contains("@request-target")
                                || (covered.contains("@path") && (covered.contains("@query") || !request.hasQuery()))));
        if (!target) {
            return "the signature does not cover the target";
        }
        if (!request.method().equals("GET") || request.body().length > 0) {
            if (!covered.contains("content-digest")) {
                return "the signature does not cover the content digest";
            }
            var digestFault = BodyDigest.contentDigestFault(request.header("content-digest"), request.body());
            if (digestFault != null) {
                return digestFault;
            }
        }
        if (!(list.parameters().get("created") instanceof Whole(long created))) {
            return "the signature does not say when it was made";
        }
        Instant expires = null;
        if (list.parameters().containsKey("expires")) {
            if (!(list.parameters().get("expires") instanceof Whole(long end))) {
                return "the signature's expiry is no time";
            }
            expires = Instant.ofEpochSecond(end);
        }
        return SignatureReading.timeFault(Instant.ofEpochSecond(created), expires, now);
    }

    /** The names of the components without parameters, or null when one repeats or is no string. */
    private static @Nullable Set<String> covered(InnerList list) {
        var identifiers = new HashSet<String>();
        var names = new HashSet<String>();
        for (var item : list.items()) {
            if (!(item.value() instanceof Text(String name)) || !identifiers.add(item.serialised())) {
                return null;
            }
            if (item.parameters().isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }

    /** The signature base (RFC 9421 2.5). */
    static String base(InnerList list, SignedRequest request) throws Malformed {
        var base = new StringBuilder();
        for (var item : list.items()) {
            if (!(item.value() instanceof Text(String name))) {
                throw new Malformed("a component is no string");
            }
            base.append(item.serialised())
                    .append(": ")
                    .append(component(name, item.parameters(), request))
                    .append('\n');
        }
        return base.append("\"@signature-params\": ").append(list.serialised()).toString();
    }

    private static String component(String name, Map<String, Bare> parameters, SignedRequest request) throws Malformed {
        if (name.equals("@query-param")) {
            return queryParameter(parameters, request);
        }
        if (!parameters.isEmpty()) {
            throw new Malformed("a component's parameter is not supported");
        }
        return switch (name) {
            case "@method" -> request.method();
            case "@target-uri" ->
                request.scheme().toLowerCase(Locale.ROOT) + "://" + request.normalisedAuthority() + request.target();
            case "@authority" -> request.normalisedAuthority();
            case "@scheme" -> request.scheme().toLowerCase(Locale.ROOT);
            case "@request-target" -> request.target();
            case "@path" -> request.path();
            case "@query" -> request.query();
            default -> {
                var value = name.startsWith("@") ? null : request.header(name);
                if (value == null) {
                    throw new Malformed("the signature covers a component that is absent");
                }
                yield value;
            }
        };
    }

    private static String queryParameter(Map<String, Bare> parameters, SignedRequest request) throws Malformed {
        if (parameters.size() != 1 || !(parameters.get("name") instanceof Text(String wanted))) {
            throw new Malformed("a query parameter needs its name alone");
        }
        String found = null;
        for (var pair : request.query().substring(1).split("&")) {
            var equals = pair.indexOf('=');
            var key = equals < 0 ? pair : pair.substring(0, equals);
            if (encoded(key).equals(wanted)) {
                if (found != null) {
                    throw new Malformed("a covered query parameter is given twice");
                }
                found = equals < 0 ? "" : encoded(pair.substring(equals + 1));
            }
        }
        if (found == null) {
            throw new Malformed("the signature covers a query parameter that is absent");
        }
        return found;
    }

    private static String encoded(String part) throws Malformed {
        try {
            var decoded = URLDecoder.decode(part, StandardCharsets.UTF_8);
            return URLEncoder.encode(decoded, StandardCharsets.UTF_8).replace("+", "%20");
        } catch (IllegalArgumentException e) {
            throw new Malformed("the query is malformed");
        }
    }

    /** Signs with RSA over method, target and, with a body, Content-Digest: what Mastodon accepts. */
    static Map<String, String> sign(SignedRequest request, String keyId, PrivateKey key, Instant now) {
        var added = new LinkedHashMap<String, String>();
        // Not signed, but servers that read both ways expect one.
        added.put("Date", CavageSignature.httpDate(now));
        var components = new ArrayList<Item>();
        components.add(new Item(new Text("@method"), Map.of()));
        components.add(new Item(new Text("@target-uri"), Map.of()));
        var headers = new LinkedHashMap<>(request.headers());
        if (!request.method().equals("GET")) {
            var digest = BodyDigest.contentDigestHeader(request.body());
            added.put("Content-Digest", digest);
            headers.put("content-digest", List.of(digest));
            components.add(new Item(new Text("content-digest"), Map.of()));
        }
        var parameters = new LinkedHashMap<String, Bare>();
        parameters.put("created", new Whole(now.getEpochSecond()));
        parameters.put("keyid", new Text(keyId));
        parameters.put("alg", new Text(SignatureAlgorithm.RSA_V1_5_SHA256.registeredName()));
        var list = new InnerList(components, parameters);
        try {
            var complete = new SignedRequest(
                    request.method(), request.scheme(), request.authority(), request.target(), headers, request.body());
            var base = base(list, complete).getBytes(StandardCharsets.UTF_8);
            var signature = SignatureAlgorithm.RSA_V1_5_SHA256.sign(key, base);
            added.put("Signature-Input", LABEL + "=" + list.serialised());
            added.put("Signature", LABEL + "=" + new Bytes(signature).serialised());
            return added;
        } catch (Malformed e) {
            throw new IllegalStateException(e);
        }
    }
}
