// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.channel.internal.email.Mail.Address;
import id.kentongan.channel.internal.email.Mail.Choice;
import id.kentongan.channel.internal.email.Mail.Leaf;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.dom.address.Group;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.field.address.LenientAddressParser;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RawField;
import org.apache.james.mime4j.stream.RawFieldParser;
import org.apache.james.mime4j.stream.RecursionMode;
import org.apache.james.mime4j.util.ByteSequence;
import org.apache.james.mime4j.util.ContentUtil;
import org.apache.james.mime4j.util.MimeParameterMapping;
import org.jspecify.annotations.Nullable;

/** Takes the bytes of a message apart, part by part in a stream, so that nesting costs neither stack nor copies. */
final class MailParsing {
    private static final MimeConfig LENIENT = MimeConfig.custom()
            .setStrictParsing(false)
            .setMalformedHeaderStartsBody(false)
            .setMaxLineLen(-1)
            .setMaxHeaderLen(-1)
            .setMaxHeaderCount(-1)
            .setMaxContentLen(-1)
            .build();

    private static final int ADDRESSES = 300;
    private static final int LONGEST_NAME = 150;

    private final MailLimits limits;
    private final Map<String, List<String>> fields = new LinkedHashMap<>();
    private final List<Leaf> leaves = new ArrayList<>();
    private final Deque<Level> levels = new ArrayDeque<>();
    private Map<String, RawField> part = new HashMap<>();
    private int groups;

    private MailParsing(MailLimits limits) {
        this.limits = limits;
    }

    /** A multipart that is being read. @param group of an alternative, else 0 */
    private static final class Level {
        final int group;
        final boolean report;
        int branch = -1;

        Level(int group, boolean report) {
            this.group = group;
            this.report = report;
        }
    }

    static Mail parse(byte[] raw, MailLimits limits) {
        return new MailParsing(limits).parse(raw);
    }

    private Mail parse(byte[] raw) {
        var complete = true;
        try {
            complete = read(new ByteArrayInputStream(raw));
        } catch (IOException | MimeException | RuntimeException e) {
            // What was read until then is worth more than nothing; the raw message is kept.
            complete = false;
        }
        var to = new ArrayList<Address>();
        var recipients = 0;
        for (var name : List.of("to", "cc", "delivered-to", "x-original-to", "envelope-to")) {
            for (var value : fields.getOrDefault(name, List.of())) {
                var read = addresses(value);
                recipients += name.equals("to") || name.equals("cc") ? read.size() : 0;
                read.stream().limit(Math.max(0, ADDRESSES - to.size())).forEach(to::add);
            }
        }
        return new Mail(
                Map.copyOf(fields),
                first("from"),
                first("reply-to"),
                List.copyOf(to),
                recipients,
                List.copyOf(leaves),
                complete);
    }

    private @Nullable Address first(String field) {
        return fields.getOrDefault(field, List.of()).stream()
                .flatMap(value -> addresses(value).stream())
                .findFirst()
                .orElse(null);
    }

    private boolean read(InputStream in) throws IOException, MimeException {
        var tokens = new MimeTokenStream(LENIENT);
        tokens.setRecursionMode(RecursionMode.M_NO_RECURSE);
        tokens.parse(in);
        for (var state = tokens.getState(); state != EntityState.T_END_OF_STREAM; state = tokens.next()) {
            switch (state) {
                case T_START_HEADER -> part = new HashMap<>();
                case T_FIELD -> field(tokens);
                case T_START_MULTIPART -> startMultipart();
                case T_START_BODYPART -> levels.element().branch++;
                case T_END_MULTIPART -> levels.pop();
                case T_BODY -> {
                    if (leaves.size() >= limits.parts()) {
                        tokens.stop();
                        return false;
                    }
                    leaves.add(leaf(tokens));
                }
                default -> {}
            }
        }
        return true;
    }

    private void field(MimeTokenStream tokens) {
        var field = tokens.getField();
        var name = field.getName().strip().toLowerCase(Locale.ROOT);
        if (levels.isEmpty()) {
            fields.computeIfAbsent(name, key -> new ArrayList<>()).add(value(field));
        }
        if (name.startsWith("content-") || name.equals(MailCutter.OMITTED.toLowerCase(Locale.ROOT))) {
            part.putIfAbsent(name, raw(field));
        }
    }

    private static RawField raw(org.apache.james.mime4j.stream.Field field) {
        return field instanceof RawField raw ? raw : new RawField(field.getName(), field.getBody());
    }

    /** Unfolded; bytes beyond ASCII, which no header should hold, are taken for UTF-8 or what they look like. */
    private static String value(org.apache.james.mime4j.stream.Field field) {
        ByteSequence raw = field.getRaw();
        if (raw == null) {
            return clean(field.getBody());
        }
        var text = Charsets.decode(raw.toByteArray(), null).text();
        return clean(text.substring(text.indexOf(':') + 1));
    }

    private static String clean(@Nullable String value) {
        return value == null
                ? ""
                : value.replaceAll("\\r?\\n(?=[ \\t])", "")
                        .replaceAll("[\\p{Cntrl}]+", " ")
                        .strip();
    }

    private void startMultipart() {
        var type = part.get("content-type");
        var subtype = type == null ? "" : mediaType(type);
        levels.push(
                new Level(subtype.equals("multipart/alternative") ? ++groups : 0, subtype.equals("multipart/report")));
    }

    // ---- leaves -----------------------------------------------------------------------------------------------------

    private Leaf leaf(MimeTokenStream tokens) throws IOException {
        var type = part.get("content-type");
        var disposition = part.get("content-disposition");
        var typeParameters = parameters(type);
        var dispositionParameters = parameters(disposition);
        var mediaType = type == null ? "text/plain" : mediaType(type);
        var fileName = fileName(dispositionParameters.getOrDefault("filename", typeParameters.get("name")));
        var kind = disposition == null ? "" : mediaType(disposition);
        var omitted = part.get(MailCutter.OMITTED.toLowerCase(Locale.ROOT));
        var path = new ArrayList<Choice>();
        levels.descendingIterator().forEachRemaining(level -> {
            if (level.group > 0) {
                path.add(new Choice(level.group, level.branch));
            }
        });
        return new Leaf(
                mediaType,
                typeParameters.get("charset"),
                fileName,
                kind.equals("attachment"),
                "flowed".equalsIgnoreCase(typeParameters.get("format")),
                levels.stream().anyMatch(level -> level.report),
                path,
                content(tokens),
                omitted == null ? 0 : number(omitted));
    }

    private byte[] content(MimeTokenStream tokens) throws IOException {
        var out = new ByteArrayOutputStream();
        try {
            var in = tokens.getDecodedInputStream();
            var buffer = new byte[16_384];
            for (var n = in.read(buffer); n >= 0 && out.size() <= limits.attachment(); n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // A transfer encoding that breaks off: what came before is the content.
            if (out.size() == 0) {
                throw e;
            }
        }
        return out.toByteArray();
    }

    private static long number(RawField field) {
        var digits = clean(field.getBody()).replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > 15 ? 0 : Long.parseLong(digits);
    }

    /** The value without its parameters. */
    private static String mediaType(RawField field) {
        var body = clean(field.getBody());
        var end = body.indexOf(';');
        var value = (end < 0 ? body : body.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return value.isEmpty() && field.getName().equalsIgnoreCase("content-type") ? "text/plain" : value;
    }

    /** By lower-case names, as RFC 2231 puts them together. */
    private static Map<String, String> parameters(@Nullable RawField field) {
        if (field == null) {
            return Map.of();
        }
        var found = new HashMap<String, String>();
        try {
            var mapping = new MimeParameterMapping();
            for (var each : RawFieldParser.DEFAULT.parseRawBody(field).getParams()) {
                if (each.getValue() != null) {
                    mapping.addParameter(each.getName().toLowerCase(Locale.ROOT), each.getValue());
                }
            }
            mapping.getParameters().forEach((name, value) -> {
                if (name != null && value != null) {
                    found.put(name.toLowerCase(Locale.ROOT), value);
                }
            });
        } catch (RuntimeException e) {
            return found;
        }
        return found;
    }

    /** A name to show and to keep it under: nothing of a path, nothing that turns the direction of writing. */
    static @Nullable String fileName(@Nullable String claimed) {
        if (claimed == null) {
            return null;
        }
        var name = words(claimed)
                .replaceAll("[\\p{Cntrl}\\p{Cf}]", "")
                .replaceAll("^.*[/\\\\]", "")
                .replaceAll("[:*?\"<>|]", "_")
                .strip();
        if (name.length() > LONGEST_NAME) {
            var dot = name.lastIndexOf('.');
            var end = dot > name.length() - 12 && dot > 0 ? name.substring(dot) : "";
            name = name.substring(0, LONGEST_NAME - end.length()) + end;
        }
        return name.isEmpty() || name.matches("\\.+") ? null : name;
    }

    // ---- words and addresses of the header --------------------------------------------------------------------------

    /** Encoded words (RFC 2047) as text. */
    static String words(String value) {
        if (!value.contains("=?")) {
            return value;
        }
        try {
            return DecoderUtil.decodeEncodedWords(value, DecodeMonitor.SILENT, StandardCharsets.UTF_8);
        } catch (RuntimeException e) {
            return value;
        }
    }

    static List<Address> addresses(String value) {
        var found = new ArrayList<Address>();
        try {
            var raw = ContentUtil.encode(StandardCharsets.UTF_8, value);
            var parsed = LenientAddressParser.DEFAULT.parseAddressList(
                    raw, new org.apache.james.mime4j.stream.ParserCursor(0, raw.length()));
            for (var each : parsed) {
                if (each instanceof Mailbox one) {
                    add(found, one);
                } else if (each instanceof Group group) {
                    group.getMailboxes().forEach(one -> add(found, one));
                }
            }
        } catch (RuntimeException e) {
            return found;
        }
        return found;
    }

    private static void add(List<Address> found, Mailbox mailbox) {
        var address = mailbox.getAddress().strip().toLowerCase(Locale.ROOT);
        if (address.matches("[^\\s@<>]{1,64}@[^\\s@<>]{1,253}")) {
            var name = mailbox.getName();
            found.add(new Address(address, name == null ? "" : shown(words(name))));
        }
    }

    private static String shown(String name) {
        var plain = name.replaceAll("[\\p{Cntrl}\\p{Cf}]", "").strip();
        return plain.length() > LONGEST_NAME ? plain.substring(0, LONGEST_NAME) : plain;
    }
}
