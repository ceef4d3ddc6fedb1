// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ways to sign a request, with our own keys: what is accepted, what is refused and why. */
class RequestSignaturesTests {
    private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
    private static final String KEY_ID = "https://warga.example/users/sari#main-key";
    private static final URI INBOX = URI.create("https://sukamaju.example/ap/kabupaten/inbox?from=relay");
    private static final byte[] BODY = "{\"type\":\"Create\"}".getBytes(StandardCharsets.UTF_8);
    private static final KeyPair KEYS = keys("RSA");
    private static final KeyPair OTHER_KEYS = keys("RSA");

    enum Way {
        CAVAGE,
        RFC9421;

        SignedRequest signed(String method, byte[] body, Instant at) {
            var plain = SignedRequest.of(method, INBOX, Map.of(), body);
            var added = this == CAVAGE
                    ? CavageSignature.sign(plain, KEY_ID, KEYS.getPrivate(), at)
                    : MessageSignature.sign(plain, KEY_ID, KEYS.getPrivate(), at);
            var headers = new HashMap<String, List<String>>();
            added.forEach((name, value) -> headers.put(name, List.of(value)));
            return SignedRequest.of(method, INBOX, headers, body);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatWeSignWeAccept(Way way) {
        for (var method : List.of("POST", "GET")) {
            var request = way.signed(method, method.equals("POST") ? BODY : new byte[0], NOW);
            var claim = claim(SignatureReading.of(request, NOW));
            assertThat(claim.keyId()).isEqualTo(KEY_ID);
            assertThat(claim.provenBy(KEYS.getPublic())).isTrue();
            assertThat(claim.provenBy(OTHER_KEYS.getPublic())).isFalse();
            assertThat(claim.provenBy(keys("Ed25519").getPublic())).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void anotherBodyIsRefusedBeforeAnyKeyIsFetched(Way way) {
        var request = way.signed("POST", BODY, NOW);
        var altered = new SignedRequest(
                "POST", "https", request.authority(), request.target(), request.headers(), "{}".getBytes());
        assertThat(refused(SignatureReading.of(altered, NOW))).contains("does not fit the body");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void anotherTargetHostOrMethodIsNotProven(Way way) {
        var request = way.signed("POST", BODY, NOW);
        var elsewhere = new SignedRequest(
                "POST", "https", request.authority(), "/ap/dinas/inbox?from=relay", request.headers(), BODY);
        var withoutQuery =
                new SignedRequest("POST", "https", request.authority(), "/ap/kabupaten/inbox", request.headers(), BODY);
        var otherHost = new SignedRequest("POST", "https", "lain.example", request.target(), request.headers(), BODY);
        var otherMethod =
                new SignedRequest("PUT", "https", request.authority(), request.target(), request.headers(), BODY);
        for (var tampered : List.of(elsewhere, withoutQuery, otherHost, otherMethod)) {
            assertThat(claim(SignatureReading.of(tampered, NOW)).provenBy(KEYS.getPublic()))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aSignatureLivesTwelveHoursAndMayRunAnHourAhead(Way way) {
        assertThat(SignatureReading.of(way.signed("POST", BODY, NOW.minus(Duration.ofHours(11))), NOW))
                .isInstanceOf(SignatureReading.Claim.class);
        assertThat(SignatureReading.of(way.signed("POST", BODY, NOW.plus(Duration.ofMinutes(59))), NOW))
                .isInstanceOf(SignatureReading.Claim.class);
        assertThat(refused(SignatureReading.of(way.signed("POST", BODY, NOW.minus(Duration.ofHours(13))), NOW)))
                .contains("older than twelve hours");
        assertThat(refused(SignatureReading.of(way.signed("POST", BODY, NOW.plus(Duration.ofHours(2))), NOW)))
                .contains("future");
    }

    @Test
    void withoutASignatureTheRequestIsUnsigned() {
        assertThat(SignatureReading.of(SignedRequest.of("POST", INBOX, Map.of(), BODY), NOW))
                .isInstanceOf(SignatureReading.Unsigned.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "keyId=",
                "keyId=\"a\"",
                "keyId=\"a\",signature=\"not base64!\"",
                "keyId=\"a\",keyId=\"b\",signature=\"AAAA\"",
                "keyId=\"a\",signature=\"AAAA\" trailing",
                "keyId=\"a\",created=99999999999999,signature=\"AAAA\""
            })
    void aMalformedCavageHeaderIsRefused(String header) {
        var request = SignedRequest.of("POST", INBOX, Map.of("Signature", List.of(header)), BODY);
        assertThat(refused(SignatureReading.of(request, NOW))).contains("malformed");
    }

    @Test
    void cavageMustCoverTargetHostDigestAndDate() {
        var full = List.of("(request-target)", "host", "date", "digest");
        for (var left : full) {
            var covered = String.join(
                    " ", full.stream().filter(name -> !name.equals(left)).toList());
            var headers = Map.of(
                    "Date", List.of(CavageSignature.httpDate(NOW)),
                    "Digest", List.of(BodyDigest.digestHeader(BODY)),
                    "Signature", List.of("keyId=\"a\",headers=\"" + covered + "\",signature=\"AAAA\""));
            assertThat(refused(SignatureReading.of(SignedRequest.of("POST", INBOX, headers, BODY), NOW)))
                    .contains("cover");
        }
    }

    @Test
    void cavageTakesCreatedAndExpiresFromHs2019Only() {
        var base = "keyId=\"a\",created=%d,expires=%d,headers=\"(request-target) host (created) (expires) digest\","
                + "signature=\"AAAA\",algorithm=\"%s\"";
        var now = NOW.getEpochSecond();
        assertThat(SignatureReading.of(withHeader(base.formatted(now, now + 60, "hs2019")), NOW))
                .isInstanceOf(SignatureReading.Claim.class);
        assertThat(refused(SignatureReading.of(withHeader(base.formatted(now, now + 60, "rsa-sha256")), NOW)))
                .contains("(created)");
        assertThat(refused(SignatureReading.of(withHeader(base.formatted(now - 9000, now - 7200, "hs2019")), NOW)))
                .contains("expired");
        assertThat(refused(SignatureReading.of(withHeader(base.formatted(now, now + 60, "hmac-sha256")), NOW)))
                .contains("algorithm");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sig1",
                "sig1=(",
                "sig1=(\"@method\"\"@target-uri\");created=1",
                "sig1=(\"@method\" \"@method\" \"@target-uri\" \"content-digest\");created=1795507200;keyid=\"a\"",
                "sig1=(\"@method\" \"@target-uri\");created=1795507200;keyid=\"a\"",
                "sig1=(\"@method\" \"content-digest\");created=1795507200;keyid=\"a\"",
                "sig1=(\"@target-uri\" \"content-digest\");created=1795507200;keyid=\"a\"",
                "sig1=(\"@method\" \"@target-uri\" \"content-digest\");keyid=\"a\"",
                "sig1=(\"@method\" \"@target-uri\" \"content-digest\");created=1795507200",
                "sig1=(\"@method\" \"@target-uri\" \"content-digest\" \"x-absent\");created=1795507200;keyid=\"a\"",
                "sig1=(\"@method\" \"@target-uri\" \"content-digest\";sf);created=1795507200;keyid=\"a\"",
                "sig1=(\"@method\" \"@target-uri\" \"content-digest\");created=1795507200;keyid=\"a\";alg=\"hmac-sha256\"",
                "sig1=(\"@method\" \"@target-uri\" \"content-digest\");created=1795507200;keyid=\"a\", ",
                "sig2=(\"@method\" \"@target-uri\" \"content-digest\");created=1795507200;keyid=\"a\""
            })
    void aMalformedOrThinSignatureInputIsRefused(String input) {
        var headers = Map.of(
                "Content-Digest", List.of(BodyDigest.contentDigestHeader(BODY)),
                "Signature-Input", List.of(input),
                "Signature", List.of("sig1=:AAAA:"));
        assertThat(SignatureReading.of(
                        SignedRequest.of("POST", INBOX, headers, BODY), Instant.ofEpochSecond(1795507200)))
                .isInstanceOf(SignatureReading.Refused.class);
    }

    @Test
    void theSameInputCompleteIsAClaim() {
        var headers = Map.of(
                "Content-Digest", List.of(BodyDigest.contentDigestHeader(BODY)),
                "Signature-Input",
                        List.of("sig1=(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\")"
                                + ";created=1795507200;keyid=\"a\""),
                "Signature", List.of("sig1=:AAAA:"));
        assertThat(SignatureReading.of(
                        SignedRequest.of("POST", INBOX, headers, BODY), Instant.ofEpochSecond(1795507200)))
                .isInstanceOf(SignatureReading.Claim.class);
    }

    @Test
    void ed25519AndP256KeysProveMessageSignatures() {
        var base = "\"@method\": POST";
        for (var keys : List.of(keys("Ed25519"), keys("EC"))) {
            var algorithm = SignatureAlgorithm.of(keys.getPublic());
            var signature = algorithm.sign(keys.getPrivate(), base.getBytes(StandardCharsets.UTF_8));
            assertThat(new SignatureReading.Claim("a", null, base, signature).provenBy(keys.getPublic()))
                    .isTrue();
            assertThat(new SignatureReading.Claim("a", algorithm, base + "x", signature).provenBy(keys.getPublic()))
                    .isFalse();
            assertThat(new SignatureReading.Claim("a", SignatureAlgorithm.RSA_V1_5_SHA256, base, signature)
                            .provenBy(keys.getPublic()))
                    .isFalse();
        }
    }

    @Test
    void publishedKeysAreReadInBothWrappingsAndWeakOnesAreNot() throws NoSuchAlgorithmException {
        assertThat(PublicKeys.fromPem(PublicKeys.toPem(KEYS.getPublic()))).isEqualTo(KEYS.getPublic());
        var bare = "-----BEGIN RSA PUBLIC KEY-----\n"
                + java.util.Base64.getMimeEncoder()
                        .encodeToString(java.util.Arrays.copyOfRange(
                                KEYS.getPublic().getEncoded(),
                                24,
                                KEYS.getPublic().getEncoded().length))
                + "\n-----END RSA PUBLIC KEY-----";
        assertThat(PublicKeys.fromPem(bare)).isEqualTo(KEYS.getPublic());
        var weak = KeyPairGenerator.getInstance("RSA");
        weak.initialize(1024);
        assertThat(PublicKeys.fromPem(PublicKeys.toPem(weak.generateKeyPair().getPublic())))
                .isNull();
        assertThat(PublicKeys.fromPem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"))
                .isNull();
        assertThat(PublicKeys.fromPem("no key at all")).isNull();
        assertThat(PublicKeys.fromMultibase("z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu"))
                .isNotNull();
        assertThat(PublicKeys.fromMultibase("z0OIl")).isNull();
    }

    private static SignedRequest withHeader(String signature) {
        return SignedRequest.of(
                "POST",
                INBOX,
                Map.of("Digest", List.of(BodyDigest.digestHeader(BODY)), "Signature", List.of(signature)),
                BODY);
    }

    private static SignatureReading.Claim claim(SignatureReading reading) {
        assertThat(reading).isInstanceOf(SignatureReading.Claim.class);
        return (SignatureReading.Claim) reading;
    }

    private static String refused(SignatureReading reading) {
        assertThat(reading).isInstanceOf(SignatureReading.Refused.class);
        return ((SignatureReading.Refused) reading).reason();
    }

    private static KeyPair keys(String algorithm) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("RSA")) {
                generator.initialize(2048);
            } else if (algorithm.equals("EC")) {
                generator.initialize(256);
            }
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
