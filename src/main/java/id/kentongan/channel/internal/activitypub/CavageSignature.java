// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Signature header of draft-cavage-http-signatures-12 as the fediverse uses it: most servers speak only
 * this. Mastodon's allowance for a query left out of the signed target is not made.
 */
final class CavageSignature {
    private static final Pattern PARAMETER =
            Pattern.compile("\\s*([A-Za-z]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([0-9]+(?:\\.[0-9]+)?))\\s*(,|$)");
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    private CavageSignature() {}

    /** The header's parts before any judgement. */
    record Header(
            String keyId,
            @Nullable String algorithm,
            @Nullable Long created,
            @Nullable Long expires,
            List<String> covered,
            byte[] signature) {}

    static SignatureReading read(SignedRequest request, Instant now) {
        var line = request.header("signature");
        var header = line == null ? null : parse(line);
        if (header == null) {
            return new SignatureReading.Refused("the Signature header is malformed");
        }
        var fault = fault(header, request, now);
        if (fault != null) {
            return new SignatureReading.Refused(fault);
        }
        var base = signingString(header, request);
        if (base == null) {
            return new SignatureReading.Refused("the signature covers a header that is absent");
        }
        return new SignatureReading.Claim(header.keyId(), null, base, header.signature());
    }

    /** Signs with RSA over request target, host, date and, with a body, digest: what every server understands. */
    static Map<String, String> sign(SignedRequest request, String keyId, PrivateKey key, Instant now) {
        var added = new LinkedHashMap<String, String>();
        added.put("Date", httpDate(now));
        var covered = new ArrayList<>(List.of("(request-target)", "host", "date"));
        if (!request.method().equals("GET")) {
            added.put("Digest", BodyDigest.digestHeader(request.body()));
            covered.add("digest");
        }
        var complete = with(request, added);
        var header = new Header(keyId, "rsa-sha256", null, null, covered, new byte[0]);
        var base = signingString(header, complete);
        if (base == null) {
            throw new IllegalStateException("A header to be signed is missing");
        }
        var signature = SignatureAlgorithm.RSA_V1_5_SHA256.sign(key, base.getBytes(StandardCharsets.UTF_8));
        added.put(
                "Signature",
                "keyId=\"" + keyId + "\",algorithm=\"rsa-sha256\",headers=\"" + String.join(" ", covered)
                        + "\",signature=\"" + Base64.getEncoder().encodeToString(signature) + "\"");
        return added;
    }

    static @Nullable Header parse(String line) {
        var values = new LinkedHashMap<String, String>();
        var matcher = PARAMETER.matcher(line);
        var at = 0;
        while (at < line.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                return null;
            }
            var value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
            if (values.put(matcher.group(1), value) != null) {
                return null;
            }
            at = matcher.end();
        }
        var keyId = values.get("keyId");
        var signature = values.get("signature");
        if (keyId == null || keyId.isEmpty() || signature == null) {
            return null;
        }
        try {
            var covered = values.containsKey("headers")
                    ? List.of(values.getOrDefault("headers", "")
                            .toLowerCase(Locale.ROOT)
                            .split(" +"))
                    : List.of("date");
            return new Header(
                    keyId,
                    values.get("algorithm"),
                    seconds(values.get("created")),
                    seconds(values.get("expires")),
                    covered,
                    Base64.getDecoder().decode(signature));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The bytes signed, or null when a covered header is absent. */
    static @Nullable String signingString(Header header, SignedRequest request) {
        var lines = new ArrayList<String>();
        for (var name : header.covered()) {
            var value = switch (name) {
                case "(request-target)" -> request.method().toLowerCase(Locale.ROOT) + " " + request.target();
                case "(created)" ->
                    header.created() == null ? null : header.created().toString();
                case "(expires)" ->
                    header.expires() == null ? null : header.expires().toString();
                case "host" -> request.authority();
                default -> request.header(name);
            };
            if (value == null) {
                return null;
            }
            lines.add(name + ": " + value);
        }
        return String.join("\n", lines);
    }

    static String httpDate(Instant time) {
        return HTTP_DATE.format(time.atOffset(ZoneOffset.UTC));
    }

    private static @Nullable String fault(Header header, SignedRequest request, Instant now) {
        var algorithm = header.algorithm() == null ? "hs2019" : header.algorithm();
        if (!algorithm.equals("hs2019") && !algorithm.equals("rsa-sha256") && !algorithm.equals("ed25519")) {
            return "the signature's algorithm is not accepted";
        }
        var covered = header.covered();
        if (!covered.contains("(request-target)")) {
            return "the signature does not cover the request target";
        }
        if (!covered.contains("host")) {
            return "the signature does not cover the host";
        }
        var pseudoTimes = covered.contains("(created)") || covered.contains("(expires)");
        if (pseudoTimes && algorithm.startsWith("rsa")) {
            return "the signature's algorithm allows no (created)";
        }
        if (!request.method().equals("GET") || request.body().length > 0) {
            if (!covered.contains("digest")) {
                return "the signature does not cover the digest";
            }
            var digestFault = BodyDigest.digestFault(request.header("digest"), request.body());
            if (digestFault != null) {
                return digestFault;
            }
        }
        return timeFault(header, request, now);
    }

    private static @Nullable String timeFault(Header header, SignedRequest request, Instant now) {
        var covered = header.covered();
        var expires = covered.contains("(expires)") && header.expires() != null
                ? Instant.ofEpochSecond(header.expires())
                : null;
        if (covered.contains("(created)") && header.created() != null) {
            return SignatureReading.timeFault(Instant.ofEpochSecond(header.created()), expires, now);
        }
        if (!covered.contains("date")) {
            return "the signature covers no date";
        }
        var date = request.header("date");
        if (date == null) {
            return "the Date header is missing";
        }
        try {
            var sent = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return SignatureReading.timeFault(sent, expires, now);
        } catch (DateTimeException e) {
            return "the Date header is not a date";
        }
    }

    private static @Nullable Long seconds(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var dot = text.indexOf('.');
        var whole = dot < 0 ? text : text.substring(0, dot);
        if (whole.length() > 12) {
            throw new IllegalArgumentException("a time is out of range");
        }
        return Long.valueOf(whole);
    }

    private static SignedRequest with(SignedRequest request, Map<String, String> added) {
        var headers = new LinkedHashMap<>(request.headers());
        added.forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), List.of(value)));
        return new SignedRequest(
                request.method(), request.scheme(), request.authority(), request.target(), headers, request.body());
    }
}
