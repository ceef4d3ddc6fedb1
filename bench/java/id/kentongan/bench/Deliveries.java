// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Signed deliveries, made before the clock runs: of many people, half signed as draft-cavage and half as RFC 9421,
 * half to the account's own inbox and half to the shared one. Of a hundred messages about 36 are public mentions
 * that open a case, 26 mentions that do not, 24 replies of a person to their own earlier post, 14 private.
 */
final class Deliveries {
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    private final FarServer far;
    private final int port;
    private final String host;
    private final String account;
    private final Random random;
    private final Words words;
    private final Clock clock = Clock.systemUTC();
    private final List<String> lastPosts = new ArrayList<>();
    private int made;
    private int people;
    private int firstPerson;

    Deliveries(FarServer far, int port, long seed) {
        this.far = far;
        this.port = port;
        this.host = "127.0.0.1:" + port;
        this.account = "http://" + host + "/ap/" + Regency.NAME;
        this.random = new Random(seed);
        this.words = new Words(random);
    }

    /** One request as it goes over the wire. */
    record Delivery(int author, byte[] request) {}

    /** Of so many people nobody has heard of before. */
    List<Delivery> next(int count, int newPeople) {
        firstPerson += people;
        people = newPeople;
        for (var n = 0; n < people; n++) {
            lastPosts.add("");
        }
        var all = new ArrayList<Delivery>(count);
        for (var n = 0; n < count; n++) {
            all.add(one());
        }
        return all;
    }

    private Delivery one() {
        var author = firstPerson + random.nextInt(people);
        var person = far.person(author);
        var id = far.base() + "/n/" + ++made;
        var kind = random.nextInt(100);
        var last = lastPosts.get(author);
        var direct = kind >= 86;
        var reply = kind >= 62 && kind < 86 && !last.isEmpty();
        var text = reply ? words.followUp() : kind < 36 ? words.trouble() : direct ? words.remark() : words.remark();
        var note = note(id, person, reply ? last : null, direct, text);
        if (!direct) {
            lastPosts.set(author, id);
            far.publish(id, note);
        }
        var body = """
                {"@context":"https://www.w3.org/ns/activitystreams","id":"%s/activity","type":"Create","actor":"%s",\
                "object":%s}""".formatted(id, person, note).getBytes(StandardCharsets.UTF_8);
        var target = made % 2 == 0 ? "/ap/inbox" : "/ap/" + Regency.NAME + "/inbox";
        var key = far.keys(author).getPrivate();
        var head = made % 4 < 2 ? cavage(target, person, key, body) : rfc9421(target, person, key, body);
        var start = ("POST " + target + " HTTP/1.1\r\nHost: " + host
                        + "\r\nContent-Type: application/activity+json\r\nContent-Length: " + body.length + "\r\n"
                        + head
                        + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
        var request = new byte[start.length + body.length];
        System.arraycopy(start, 0, request, 0, start.length);
        System.arraycopy(body, 0, request, start.length, body.length);
        return new Delivery(author, request);
    }

    private String note(String id, String person, String parent, boolean direct, String text) {
        var to = direct ? account : "https://www.w3.org/ns/activitystreams#Public";
        return """
                {"id":"%s","type":"Note","attributedTo":"%s","published":"%s","url":"%1$s",%s"to":["%s"],\
                "cc":["%s"],"content":"<p><span class=\\"h-card\\"><a href=\\"%6$s\\" class=\\"u-url mention\\">@<span>\
                kabar</span></a></span> %s</p>","contentMap":{"id":"%7$s"},"tag":[{"type":"Mention","href":"%6$s",\
                "name":"@kabar@%s"}]}""".formatted(
                        id,
                        person,
                        Instant.now(clock),
                        parent == null ? "" : "\"inReplyTo\":\"" + parent + "\",",
                        to,
                        account,
                        text,
                        host);
    }

    private String cavage(String target, String person, PrivateKey key, byte[] body) {
        var date = HTTP_DATE.format(Instant.now(clock).atOffset(ZoneOffset.UTC));
        var digest = "SHA-256=" + base64(sha256(body));
        var base = "(request-target): post " + target + "\nhost: " + host + "\ndate: " + date + "\ndigest: " + digest;
        return "Date: " + date + "\r\nDigest: " + digest + "\r\nSignature: keyId=\"" + person
                + "#main-key\",algorithm=\"rsa-sha256\",headers=\"(request-target) host date digest\",signature=\""
                + base64(sign(key, base)) + "\"\r\n";
    }

    private String rfc9421(String target, String person, PrivateKey key, byte[] body) {
        var digest = "sha-256=:" + base64(sha256(body)) + ":";
        var parameters = "(\"@method\" \"@target-uri\" \"content-digest\");created="
                + Instant.now(clock).getEpochSecond() + ";keyid=\"" + person + "#main-key\"";
        var base = "\"@method\": POST\n\"@target-uri\": http://" + host + target + "\n\"content-digest\": " + digest
                + "\n\"@signature-params\": " + parameters;
        return "Content-Digest: " + digest + "\r\nSignature-Input: sig1=" + parameters + "\r\nSignature: sig1=:"
                + base64(sign(key, base)) + ":\r\n";
    }

    private static byte[] sign(PrivateKey key, String base) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(base.getBytes(StandardCharsets.UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    int port() {
        return port;
    }
}
