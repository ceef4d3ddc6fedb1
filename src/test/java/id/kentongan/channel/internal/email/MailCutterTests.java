// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.channel.Attachment;
import id.kentongan.channel.Item;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailCutterTests {
    private static final MailLimits SMALL = new MailLimits(2_000, 10_000, 40_000, 500, 5, 20);

    private static MailCutter.Cut cut(String letter, MailLimits limits) throws IOException {
        return MailCutter.cut(new ByteArrayInputStream(Letters.bytes(letter)), limits, 0);
    }

    @Test
    void whatKeepsToTheLimitsStaysByteForByte() throws IOException {
        try (var files = Files.list(Path.of("src/test/resources/payloads/email"))) {
            for (var file : files.toList()) {
                var raw = Files.readAllBytes(file);
                var cut = MailCutter.cut(new ByteArrayInputStream(raw), MailLimits.USUAL, raw.length);
                assertThat(cut.raw()).as(file.toString()).isEqualTo(raw);
                assertThat(cut.whole()).isTrue();
            }
        }
    }

    private static String withFile(String content) {
        return """
                From: sari@warga.example
                Subject: Foto
                Content-Type: multipart/mixed; boundary="b"

                --b
                Content-Type: text/plain

                Ini fotonya.
                --b
                Content-Type: application/pdf; name="besar.pdf"
                Content-Disposition: attachment

                %s
                --b
                Content-Type: text/plain; name="kecil.txt"
                Content-Disposition: attachment

                kecil
                --b--
                """.formatted(content);
    }

    @Test
    void aFileThatIsTooLargeIsLeftOutAndTheRestIsKept() throws IOException {
        var cut = cut(withFile("a".repeat(70).concat("\n").repeat(200)), SMALL);
        assertThat(cut.whole()).isFalse();
        assertThat(cut.raw().length).isLessThan(1_000);
        var said = Letters.said(cut.raw());
        assertThat(said.text()).isEqualTo("Foto\n\nIni fotonya.");
        assertThat(said.attachments()).extracting(Attachment::description).containsExactly("kecil.txt");
        assertThat(said.hints().get(Item.Said.NOTES)).startsWith("file-too-large\tbesar.pdf\t10");
    }

    @Test
    void aHundredMegabytesFlowPastInALittleMemory() throws IOException {
        var around = withFile("MULAI").split("MULAI", 2);
        var line = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        var in = new SequenceInputStream(Collections.enumeration(List.of(
                new ByteArrayInputStream(Letters.bytes(around[0])),
                new Repeated(line, 100_000_000 / line.length),
                new ByteArrayInputStream(Letters.bytes(around[1].stripLeading())))));
        var before = allocated();
        var cut = MailCutter.cut(in, MailLimits.USUAL, 100_000_500);
        // The kept bytes, the copy that is handed over, and buffers; not the hundred megabytes.
        assertThat(allocated() - before).isLessThan(3L * MailLimits.USUAL.whole());
        var said = Letters.said(cut.raw());
        assertThat(said.attachments()).extracting(Attachment::description).containsExactly("kecil.txt");
        assertThat(said.hints().get(Item.Said.NOTES)).startsWith("file-too-large\tbesar.pdf\t7");
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().threadId());
    }

    /** The same line so many times. */
    private static final class Repeated extends InputStream {
        private final byte[] line;
        private long left;
        private int at;

        Repeated(byte[] line, long times) {
            this.line = line;
            this.left = times * line.length;
        }

        @Override
        public int read() {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] into, int from, int length) {
            if (left == 0) {
                return -1;
            }
            var n = (int) Math.min(left, length);
            for (var i = 0; i < n; i++) {
                into[from + i] = line[at];
                at = (at + 1) % line.length;
            }
            left -= n;
            return n;
        }
    }

    @Test
    void aTextThatIsTooLongIsCutAndOneLineWithoutEndToo() throws IOException {
        for (var words : List.of("kata ".repeat(20).concat("\n").repeat(100), "x".repeat(100_000))) {
            var cut = cut("From: a@b.example\n\n" + words, SMALL);
            assertThat(cut.whole()).isFalse();
            assertThat(cut.raw().length).isLessThan(10_000);
        }
    }

    @Test
    void aFieldThatIsTooLongIsCutAndTheFieldsAfterItStay() throws IOException {
        var cut = cut(
                "To: " + "a@b.example,\n ".repeat(1000) + "\nFrom: sari@warga.example\nMessage-ID: <a@b>\n\nIsi.\n",
                SMALL);
        assertThat(cut.whole()).isFalse();
        var mail = MailParsing.parse(cut.raw(), SMALL);
        assertThat(mail.field("message-id")).isEqualTo("<a@b>");
        assertThat(mail.from()).isNotNull();
    }

    @Test
    void moreThanIsKeptAltogetherIsLeftOut() throws IOException {
        var letter = new StringBuilder("From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n");
        for (var n = 0; n < 10; n++) {
            letter.append("\n--b\nContent-Type: application/pdf; name=")
                    .append(n)
                    .append(".pdf\n\n")
                    .append("x".repeat(9_000));
        }
        var cut = cut(letter + "\n--b--\n", SMALL);
        assertThat(cut.raw().length).isLessThan(60_000);
        var mail = MailParsing.parse(cut.raw(), SMALL);
        assertThat(mail.leaves()).hasSize(10);
        assertThat(mail.leaves().stream().filter(leaf -> leaf.omitted() > 0).count())
                .isBetween(5L, 7L);
    }

    @Test
    void aMillionPartsEndWithTheLastThatIsKept() throws IOException {
        var part = Letters.bytes("--b\nContent-Type: text/plain\n\nx\n");
        var head = Letters.bytes("From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n");
        var in = new SequenceInputStream(new ByteArrayInputStream(head), new Repeated(part, 1_000_000));
        var cut = MailCutter.cut(in, MailLimits.USUAL, 0);
        assertThat(cut.raw().length).isLessThan(20_000);
        assertThat(MailParsing.parse(cut.raw(), MailLimits.USUAL).leaves()).hasSize(MailLimits.USUAL.parts());
    }

    @Test
    void partsWithinPartsBeyondTheDepthCountAsOne() throws IOException {
        var letter = new StringBuilder("From: sari@warga.example\n");
        for (var n = 0; n < 1000; n++) {
            letter.append("Content-Type: multipart/mixed; boundary=b")
                    .append(n)
                    .append("\n\n--b")
                    .append(n)
                    .append('\n');
        }
        var cut = cut(letter + "\nisi\n", SMALL);
        assertThat(cut.raw().length).isLessThan(10_000);
        assertThat(Letters.read(cut.raw())).hasSize(1);
    }
}
