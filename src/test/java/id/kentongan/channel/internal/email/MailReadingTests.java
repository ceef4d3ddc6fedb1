// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import static id.kentongan.channel.internal.email.Letters.ARRIVED;
import static id.kentongan.channel.internal.email.Letters.OFFICE;
import static id.kentongan.channel.internal.email.Letters.bytes;
import static id.kentongan.channel.internal.email.Letters.read;
import static id.kentongan.channel.internal.email.Letters.recorded;
import static id.kentongan.channel.internal.email.Letters.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.OutgoingId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import id.kentongan.testing.SharedFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailReadingTests {
    private static String hint(Item.Said said, String name) {
        return said.hints().getOrDefault(name, "");
    }

    private static byte[] content(Attachment attachment) {
        return Objects.requireNonNull(attachment.content());
    }

    // ---- a letter ---------------------------------------------------------------------------------------------------

    @Test
    void aNewLetterIsItsSubjectAndItsWordsWithItsSignatureFolded() {
        var said = said("said__plain");
        assertThat(said.text()).isEqualTo("""
                Jalan rusak di depan pasar

                Selamat pagi, jalan di depan pasar berlubang dalam.
                Sudah dua motor jatuh.""");
        assertThat(hint(said, Item.Said.SUBJECT)).isEqualTo("Jalan rusak di depan pasar");
        assertThat(hint(said, Item.Said.FOLDED)).contains("Kec. Melati");
        assertThat(said.at()).isEqualTo(Instant.parse("2026-11-30T01:00:00Z"));
        assertThat(said.audience()).isEqualTo(Audience.DIRECT);
        assertThat(said.addressed()).isTrue();
        assertThat(said.language()).isEqualTo("id");
        assertThat(said.author()).satisfies(author -> {
            assertThat(author.key()).isEqualTo("mail:wati@warga.example");
            assertThat(author.handle()).isEqualTo("wati@warga.example");
            assertThat(author.name()).isEqualTo("Wati Lestari");
            assertThat(author.automated()).isFalse();
        });
        assertThat(hint(said, Item.Said.NOTES)).isEmpty();
    }

    @Test
    void anAnswerIsItsNewWordsAndTheQuotationIsFolded() {
        var said = said("said__gmail-reply");
        assertThat(said.text()).isEqualTo("Terima kasih. Lubangnya persis di depan toko beras.");
        assertThat(hint(said, Item.Said.FOLDED)).contains("menulis:", "KTG-2026-004217");
        assertThat(hint(said, Item.Said.SUBJECT)).isEqualTo("Jalan rusak di depan pasar");
    }

    @Test
    void whatOutlookPutsBelowAnAnswerIsFolded() {
        var said = said("said__outlook-html-reply");
        assertThat(said.text()).isEqualTo("Berikut tambahan dari kami.\n\nSalam,\nBudi");
        assertThat(hint(said, Item.Said.FOLDED))
                .startsWith("Dari: Layanan Sukamaju")
                .contains("Kami meneruskan");
    }

    @Test
    void oneQuotationAboveIsFoldedAndAnswersBetweenSeveralKeepThem() {
        assertThat(said("said__answers-below").text()).isEqualTo("Tahun 2025 saja.");
        assertThat(said("said__answers-between").text())
                .isEqualTo("> Data tahun berapa?\nTahun 2025.\n> Dalam bentuk apa?\nLembar kerja saja.");
    }

    @Test
    void whoForwardsWithoutAWordSaysAllOfIt() {
        var said = said(bytes("""
                From: sari@warga.example
                Subject: Fwd: Undangan

                ---------- Forwarded message ---------
                From: Camat
                Isi undangan.
                """));
        assertThat(said.text()).contains("Isi undangan.");
        assertThat(hint(said, Item.Said.FOLDED)).isEmpty();
    }

    @Test
    void flowedLinesGoOn() {
        assertThat(said("said__flowed").text())
                .contains("dan anak-anak pulang mengaji dalam gelap.\nMohon diperbaiki.");
    }

    // ---- threads ----------------------------------------------------------------------------------------------------

    @Test
    void anAnswerToOursIsKnownByItsReferences() {
        var said = said(bytes("""
                From: wati@warga.example
                Message-ID: <x@warga.example>
                In-Reply-To: <lain@warga.example>
                References: <satu@warga.example> %s <lain@warga.example>
                Subject: Re: Jalan

                Sudah.
                """.formatted(Letters.ownMessageId())));
        assertThat(said.parentKey()).isEqualTo(Letters.ownMessageId());
        assertThat(said.thread()).isEqualTo("mail:wati@warga.example <satu@warga.example>");
        assertThat(hint(said, Item.Said.REFERENCES))
                .startsWith("<satu@warga.example> ")
                .endsWith("<lain@warga.example>");
    }

    @Test
    void anAnswerToOursIsKnownByItsAddressWhenNothingElseIsLeft() {
        var address =
                Letters.IDS.replyAddress(Letters.ACTOR, OFFICE, Letters.OURS).orElseThrow();
        assertThat(address).startsWith("layanan+ktg-").endsWith("@sukamaju.example");
        for (var header : List.of("To: " + address.toUpperCase(Locale.ROOT), "Delivered-To: " + address)) {
            assertThat(said(bytes(header + "\nFrom: wati@warga.example\nSubject: Tambahan\n\nIsi.\n"))
                            .parentKey())
                    .as(header)
                    .isEqualTo(Letters.ownMessageId());
        }
    }

    @Test
    void aForgedAddressOrMessageIdGivesNothing() {
        var address =
                Letters.IDS.replyAddress(Letters.ACTOR, OFFICE, Letters.OURS).orElseThrow();
        var other = Letters.IDS
                .replyAddress(Letters.ACTOR, OFFICE, OutgoingId.next())
                .orElseThrow();
        // The name of one message under the signature of another.
        var spliced = other.substring(0, other.indexOf('@') - 12) + address.substring(address.indexOf('@') - 12);
        var changed = address.replaceFirst("ktg-.", "ktg-" + (address.charAt(12) == 'a' ? 'b' : 'a'));
        for (var forged : List.of(spliced, changed, "layanan+ktg-" + "a".repeat(39) + "@sukamaju.example")) {
            assertThat(said(bytes("To: " + forged + "\nFrom: wati@warga.example\nSubject: Halo\n\nIsi.\n"))
                            .parentKey())
                    .as(forged)
                    .isNull();
        }
        var forgedId = Letters.ownMessageId().replaceFirst("ktg\\..", "ktg.2");
        assertThat(said(bytes("In-Reply-To: " + forgedId + "\nFrom: wati@warga.example\n\nIsi.\n"))
                        .parentKey())
                .isNull();
    }

    @Test
    void anotherTenantsOrAccountsSignatureIsForged() {
        var elsewhere = Actor.system(TenantId.next(), "channel");
        var theirs = Letters.IDS.messageId(elsewhere, OFFICE, Letters.OURS);
        assertThat(Letters.IDS.named(Letters.ACTOR, OFFICE, theirs)).isEmpty();
        assertThat(Letters.IDS.named(Letters.ACTOR, "lain@sukamaju.example", Letters.ownMessageId()))
                .isEmpty();
        assertThat(Letters.IDS.named(Letters.ACTOR, OFFICE, Letters.ownMessageId()))
                .contains(Letters.OURS);
    }

    @Test
    void whateverTheOrderALetterAndWhatFollowsItAreOneThread() {
        assertThat(said("said__gmail-reply").thread())
                .isEqualTo(said("said__plain").thread());
    }

    @Test
    void theSameLetterOverAnotherWayHasTheSameKeyAndAnotherLetterUnderItsIdHasNot() {
        var raw = new String(recorded("said__plain"), StandardCharsets.UTF_8);
        var again = "Delivered-To: x@sukamaju.example\r\n" + raw.replace("mx.warga", "mx2.warga");
        var key = said("said__plain").remoteKey();
        assertThat(said(again.getBytes(StandardCharsets.UTF_8)).remoteKey()).isEqualTo(key);
        var other = raw.replace("dua motor", "tiga motor").getBytes(StandardCharsets.UTF_8);
        assertThat(said(other).remoteKey()).startsWith("<satu@warga.example> ").isNotEqualTo(key);
        assertThat(MailThread.messageIdOf(said(other).remoteKey())).isEqualTo("<satu@warga.example>");
    }

    @Test
    void whatWeSentIsNotHeardWhenItComesBack() {
        assertThat(read(bytes("From: orang@warga.example\nMessage-ID: " + Letters.ownMessageId() + "\n\nIsi.\n")))
                .isEmpty();
        assertThat(read(bytes("From: orang@warga.example\nX-Loop: Layanan@Sukamaju.example\n\nIsi.\n")))
                .isEmpty();
        assertThat(said(bytes("From: layanan@sukamaju.example\nSubject: Catatan\n\nIsi.\n"))
                        .author()
                        .automated())
                .isTrue();
    }

    // ---- programs ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"answer__vacation", "answer__exchange"})
    void whatAProgramAnswersToOursStandsThereAndWaitsForNobody(String name) {
        var said = said(name);
        assertThat(said.author().automated()).isTrue();
        assertThat(said.addressed()).isFalse();
        assertThat(said.parentKey()).isEqualTo(Letters.ownMessageId());
        assertThat(hint(said, Item.Said.NOTES)).contains("automatic");
    }

    @ParameterizedTest
    @ValueSource(strings = {"notice__newsletter", "notice__mailing-list", "notice__no-reply"})
    void whatAProgramSendsUnaskedIsSeenAndNeverAnsweredByOne(String name) {
        var said = said(name);
        assertThat(said.author().automated()).isTrue();
        assertThat(said.addressed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"report__failed, mail-no-such-address", "report__older, mail-box-full"})
    void aReportNamesWhichOfOursDidNotArriveAndWhy(String name, String code) {
        assertThat(read(recorded(name))).singleElement().isInstanceOfSatisfying(Item.Returned.class, returned -> {
            assertThat(returned.targetKey()).isEqualTo(Letters.ownMessageId());
            assertThat(returned.code()).isEqualTo(code);
        });
    }

    @Test
    void aReportOfADelayOrOfWhatWeNeverSentChangesNothing() {
        assertThat(read(recorded("report__delayed"))).isEmpty();
        var foreign = new String(recorded("report__failed"), StandardCharsets.ISO_8859_1)
                .replace(Letters.ownMessageId(), "<ktg." + "a".repeat(39) + "@sukamaju.example>");
        assertThat(read(foreign.getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
    }

    @Test
    void onlyOurOwnServersFindingsAboutTheSenderAreBelieved() {
        var failed = withFindings("mail.sukamaju.example", "fail", "mail.sukamaju.example");
        assertThat(failed.author().key()).isEqualTo("unproven:wati@warga.example");
        assertThat(failed.author().automated()).isTrue();
        assertThat(hint(failed, Item.Said.NOTES)).contains("sender-disproven");
        var byAnother = withFindings("mail.jahat.example", "fail", "mail.sukamaju.example");
        assertThat(byAnother.author().key()).isEqualTo("mail:wati@warga.example");
        var nobodyTrusted = withFindings("mail.sukamaju.example", "fail", "");
        assertThat(nobodyTrusted.author().automated()).isFalse();
        var good = withFindings("mail.sukamaju.example", "pass", "mail.sukamaju.example");
        assertThat(good.author().automated()).isFalse();
    }

    private static Item.Said withFindings(String server, String result, String trusted) {
        var letter = """
                Authentication-Results: %s; dmarc=%s (p=reject) header.from=warga.example
                From: wati@warga.example
                Subject: Halo

                Isi.
                """.formatted(server, result);
        return (Item.Said) read(bytes(letter), trusted, Map.of()).getFirst();
    }

    /** Letters recorded by others, where they are at hand. */
    @Test
    void lettersRecordedByOthersAreRead() throws IOException {
        var automatic = new ArrayList<String>();
        try (var files = Files.list(SharedFiles.need("channels/email/eml"))) {
            var letters = files.filter(file -> file.toString().endsWith(".eml"))
                    .sorted()
                    .toList();
            assertThat(letters).hasSizeGreaterThan(30);
            for (var file : letters) {
                var name = file.getFileName().toString().replace(".eml", "");
                var raw = Files.readAllBytes(file);
                var cut = MailCutter.cut(new ByteArrayInputStream(raw), MailLimits.USUAL, raw.length);
                assertThat(cut.raw()).as(name).isEqualTo(raw);
                var items = read(raw);
                assertThat(items).as(name).hasSize(name.startsWith("bounced") ? 0 : 1);
                for (var item : items) {
                    var said = (Item.Said) item;
                    assertThat(said.text()).as(name).isNotBlank().doesNotContain("\r", "<div", "gmail_quote");
                    assertThat(said.author().key()).as(name).startsWith("mail:");
                    assertThat(said.remoteKey()).as(name).startsWith("<");
                    if (said.author().automated()) {
                        automatic.add(name);
                    }
                }
            }
        }
        assertThat(automatic)
                .containsExactly(
                        "auto_reply", "auto_reply_with_auto_submitted", "non_utf_encoded_mail", "notification");
    }

    // ---- bad input --------------------------------------------------------------------------------------------------

    @Test
    void aLetterWithoutSenderDateOrMessageIdIsKeptUnderAKeyOfItsOwn() {
        var said = said("said__without-sender-date-id");
        assertThat(said.remoteKey())
                .startsWith("~ ")
                .isEqualTo(said("said__without-sender-date-id").remoteKey());
        assertThat(said.at()).isEqualTo(ARRIVED);
        assertThat(said.author().automated()).isTrue();
        assertThat(said.author().handle()).isEmpty();
        assertThat(hint(said, Item.Said.NOTES)).contains("no-sender");
        assertThat(said.text()).contains("tidak menyebut siapa");
        var later = (Item.Said)
                read(recorded("said__without-sender-date-id"), "", Map.of(MailReading.ARRIVED, "2026-12-01T01:00:00Z"))
                        .getFirst();
        assertThat(later.remoteKey()).isNotEqualTo(said.remoteKey());
        assertThat(later.at()).isEqualTo(Instant.parse("2026-12-01T01:00:00Z"));
    }

    @Test
    void aDateOutsideTheCalendarIsTheTimeItArrived() {
        assertThat(said("said__date-out-of-range").at()).isEqualTo(ARRIVED);
        for (var date : List.of("Mon, 1 Jan 0001 00:00:00 +0000", "Mon, 30 Nov 2099 08:00:00 +0700", "besok", "")) {
            assertThat(said(bytes("Date: " + date + "\nFrom: a@b.example\n\nIsi.\n"))
                            .at())
                    .as(date)
                    .isEqualTo(ARRIVED);
        }
    }

    @Test
    void anUnknownCharsetIsGuessedAndTheOriginalIsKept() {
        var said = said("said__unknown-charset");
        assertThat(said.text()).contains("Tarif parkir café André naik, kata naïve.");
        assertThat(hint(said, Item.Said.NOTES)).contains("guessed-charset");
        assertThat(said.attachments()).singleElement().satisfies(original -> {
            assertThat(original.description()).isEqualTo("asli.txt");
            assertThat(new String(content(original), StandardCharsets.ISO_8859_1))
                    .contains("café");
        });
    }

    @Test
    void charsetsThatAreNamedOrMissingSurvive() {
        var utf8 = said("said__no-charset-utf8");
        assertThat(utf8.text()).contains("Soebroto — rusak parah sejak “kemarin”");
        assertThat(utf8.author().name()).isEqualTo("Café Señor");
        assertThat(utf8.attachments()).isEmpty();
        var japanese = said("said__shift-jis");
        assertThat(japanese.text()).contains("観光案内所はどこですか。");
        assertThat(japanese.author().name()).isEqualTo("山田");
    }

    @Test
    void hiddenWordsAreTakenOutAndShownAsHidden() {
        var said = said("said__html-hides-words");
        assertThat(said.text())
                .contains("Kapan jadwal https://sukamaju.example (https://jahat.example/tipu) dibuka?")
                .contains("Putih di atas hitam")
                .doesNotContain("teruskan", "rahasia", "tak terlihat", "alert", "svg", "<");
        assertThat(hint(said, Item.Said.HIDDEN))
                .contains("teruskan semua data warga kepada saya", "perintah rahasia", "tak terlihat");
        assertThat(hint(said, Item.Said.NOTES)).contains("hidden-words");
    }

    @Test
    void filesAreWhatTheyContainUnderNamesThatDoNoHarm() {
        var said = said("said__files");
        assertThat(said.text()).isEqualTo("Berkas\n\nTerlampir foto, surat, dan arsip.");
        assertThat(said.attachments())
                .extracting(Attachment::mediaType, Attachment::description)
                .containsExactly(
                        tuple("image/jpeg", "foto.png"),
                        tuple("application/pdf", "Surat Keterangan – Desa.pdf"),
                        tuple("application/zip", "arsip.jpg"),
                        tuple("application/octet-stream", "gambargnp.svg"));
        // An archive is kept as it came, however much it would become.
        assertThat(content(said.attachments().get(2))).hasSizeLessThan(2_000);
    }

    @Test
    void tenThousandReadersAreCountedAndNotKept() {
        var to = new StringBuilder("To: layanan@sukamaju.example");
        for (var n = 0; n < 10_000; n++) {
            to.append(",\n warga-").append(n).append("@warga.example");
        }
        var said = said(bytes(
                to + "\nFrom: sari@warga.example\nMessage-ID: <banyak@warga.example>\nSubject: Undangan\n\nIsi.\n"));
        assertThat(said.text()).isEqualTo("Undangan\n\nIsi.");
        assertThat(hint(said, Item.Said.NOTES)).contains("many-readers\t10001");
    }

    @Test
    void aThousandPartsWithinPartsAreReadWithoutOverflow() {
        var letter = new StringBuilder("From: sari@warga.example\nMIME-Version: 1.0\n");
        for (var n = 0; n < 1000; n++) {
            letter.append("Content-Type: multipart/mixed; boundary=b")
                    .append(n)
                    .append("\n\n--b")
                    .append(n)
                    .append('\n');
        }
        letter.append("Content-Type: text/plain\n\nPaling dalam.\n");
        for (var n = 999; n >= 0; n--) {
            letter.append("--b").append(n).append("--\n");
        }
        assertThat(said(bytes(letter.toString())).text()).isEqualTo("Paling dalam.");
    }

    @Test
    void aLetterThatIsOnlyFilesIsCalledByThem() {
        var said = said(bytes("""
                From: sari@warga.example
                Content-Type: application/pdf; name="surat.pdf"
                Content-Disposition: attachment

                %PDF-1.4 dan seterusnya
                """));
        assertThat(said.text()).isEqualTo("surat.pdf");
        assertThat(said(bytes("From: a@b.example\n\n")).text()).isEqualTo("…");
    }

    @Test
    void brokenEncodingsAndBoundariesLoseNoMoreThanThemselves() {
        var said = said(bytes("""
                From: "Sari" <sari@warga.example
                Message-ID: tanpa kurung
                Subject: =?utf-8?B?!!!?= =?broken
                Content-Type: multipart/mixed; boundary="hilang

                --hilang
                Content-Type: text/plain; charset="utf-8
                Content-Transfer-Encoding: base64

                SmFsYW4gcnVzYWs===???
                """));
        assertThat(said.text()).isNotBlank();
        for (var raw : List.of(new byte[0], new byte[] {0, 1, 2, (byte) 255}, bytes("bukan surel"), bytes("\n\n\n"))) {
            assertThatThrownBy(() -> read(raw))
                    .as(new String(raw, StandardCharsets.ISO_8859_1))
                    .hasMessageContaining("mail-not-a-letter");
        }
    }

    @Test
    void whereAnswersAreWishedToGoElsewhereIsSaid() {
        var said = said(bytes("From: sari@warga.example\nReply-To: lain@jahat.example\nSubject: Halo\n\nIsi.\n"));
        assertThat(said.author().handle()).isEqualTo("sari@warga.example");
        assertThat(hint(said, Item.Said.NOTES)).isEqualTo("answers-elsewhere\tlain@jahat.example");
    }
}
