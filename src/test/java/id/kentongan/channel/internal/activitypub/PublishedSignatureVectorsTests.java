// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.testing.SharedFiles;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published vectors of both ways to sign. */
class PublishedSignatureVectorsTests {
    private final JsonMapper json = new JsonMapper();

    @Test
    void cavageAppendixCGivesThePublishedSigningStrings() {
        var file = SharedFiles.need("channels/httpsig/cavage-appendix-c.json");
        var vectors = json.readTree(file.toFile());
        var request = SignedRequest.of(
                "POST",
                URI.create(vectors.at("/request/url").asString()),
                headers(vectors.at("/request/headers")),
                vectors.at("/request/body").asString().getBytes(StandardCharsets.UTF_8));
        for (var vector : vectors.get("cases")) {
            var header = CavageSignature.parse(vector.get("header").asString());
            assertThat(header).as(vector.get("name").asString()).isNotNull();
            // The third case prints created and expires among the headers it did not sign.
            var signed = new java.util.ArrayList<String>();
            vector.get("signed").forEach(name -> signed.add(name.asString()));
            var asSigned = new CavageSignature.Header(
                    header.keyId(), header.algorithm(), null, null, signed, header.signature());
            assertThat(CavageSignature.signingString(asSigned, request))
                    .isEqualTo(vector.get("signing_string").asString());
        }
        assertThat(BodyDigest.digestFault(request.header("digest"), request.body()))
                .isNull();
    }

    @Test
    void mastodonsCasesAreJudgedAsMastodonJudgesThemBeforeTheKeyIsKnown() {
        var file = SharedFiles.need("channels/httpsig/mastodon-cavage.json");
        var vectors = json.readTree(file.toFile());
        var now = Instant.parse(vectors.get("now").asString());
        for (var vector : vectors.get("cases")) {
            var request = SignedRequest.of(
                    vector.get("method").asString(),
                    URI.create("https://www.example.com" + vector.get("path").asString()),
                    headers(vector.get("headers")),
                    vector.path("body").asString("").getBytes(StandardCharsets.UTF_8));
            var reading = SignatureReading.of(request, now);
            var name = vector.get("name").asString();
            // The key of these vectors is not published: what only the key can tell stays a claim here.
            var keyDecides = !vector.get("raw_rsa_check_here").asBoolean();
            if (vector.get("expect").asString().equals("invalid") && !keyDecides) {
                assertThat(reading).as(name).isInstanceOf(SignatureReading.Refused.class);
            } else if (vector.get("expect").asString().equals("valid")) {
                assertThat(reading).as(name).isInstanceOf(SignatureReading.Claim.class);
                assertThat(((SignatureReading.Claim) reading).keyId())
                        .isEqualTo(vectors.get("keyId").asString());
            }
        }
    }

    @Test
    void rfc9421AppendixBGivesThePublishedBasesAndItsSignaturesVerify() {
        var file = SharedFiles.need("channels/httpsig/rfc9421-appendix-b.json");
        var vectors = json.readTree(file.toFile());
        var request = SignedRequest.of(
                "POST",
                URI.create(vectors.at("/request/target-uri").asString()),
                headers(vectors.at("/request/headers")),
                vectors.at("/request/body").asString().getBytes(StandardCharsets.UTF_8));
        assertThat(BodyDigest.contentDigestFault(request.header("content-digest"), request.body()))
                .isNull();
        for (var vector : vectors.get("cases")) {
            var name = vector.get("name").asString();
            var expected = vector.get("signature_base").asString();
            if (vector.get("message").asString().equals("request")) {
                assertThat(base(vector, request)).as(name).isEqualTo(expected);
            }
            var algorithm = SignatureAlgorithm.named(vector.get("alg").asString());
            if (algorithm == null) {
                assertThat(vector.get("alg").asString()).isEqualTo("hmac-sha256");
                continue;
            }
            var pem = vectors.at("/keys/" + vector.get("keyid").asString() + "/publicKeyPem")
                    .asString();
            var key = PublicKeys.fromPem(pem);
            assertThat(key).as(name).isNotNull();
            var signature = signature(vector);
            assertThat(algorithm.verifies(key, expected.getBytes(StandardCharsets.UTF_8), signature))
                    .as(name)
                    .isTrue();
            assertThat(algorithm.verifies(key, (expected + " ").getBytes(StandardCharsets.UTF_8), signature))
                    .as(name)
                    .isFalse();
        }
    }

    @Test
    void aRequestOfAnotherServersLibraryGivesItsSignatureBase() {
        var file = SharedFiles.need("channels/httpsig/rfc9421-mitra-inbox.json");
        var vector = json.readTree(file.toFile());
        var request = SignedRequest.of(
                vector.get("method").asString(),
                URI.create(vector.get("target-uri").asString()),
                headers(vector.get("headers")),
                vector.get("body").asString().getBytes(StandardCharsets.UTF_8));
        var reading = SignatureReading.of(request, Instant.ofEpochSecond(1778314593));
        assertThat(reading).isInstanceOf(SignatureReading.Claim.class);
        assertThat(((SignatureReading.Claim) reading).base())
                .isEqualTo(vector.get("signature_base").asString());
    }

    private static String base(JsonNode vector, SignedRequest request) {
        try {
            var input =
                    StructuredFields.dictionary(vector.get("Signature-Input").asString());
            return MessageSignature.base(
                    (StructuredFields.InnerList) input.values().iterator().next(), request);
        } catch (StructuredFields.Malformed e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] signature(JsonNode vector) {
        try {
            var member = StructuredFields.dictionary(vector.get("Signature").asString())
                    .values()
                    .iterator()
                    .next();
            return ((StructuredFields.Bytes) ((StructuredFields.Item) member).value()).value();
        } catch (StructuredFields.Malformed e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, List<String>> headers(JsonNode node) {
        var headers = new LinkedHashMap<String, List<String>>();
        node.properties()
                .forEach(entry ->
                        headers.put(entry.getKey(), List.of(entry.getValue().asString())));
        return headers;
    }
}
