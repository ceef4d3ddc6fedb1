// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.operation.internal.CsvRecords.CsvRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvRecordsTests {
    private static List<CsvRow> read(byte[] bytes) throws IOException {
        var records = new CsvRecords(TextFile.open(new ByteArrayInputStream(bytes)));
        var all = new ArrayList<CsvRow>();
        for (var row = records.next(); row != null; row = records.next()) {
            all.add(row);
        }
        return all;
    }

    private static List<CsvRow> read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void fieldsMayHoldSeparatorsQuotesAndLineBreaks() throws IOException {
        var rows = read("kode,isi\n1,\"satu, \"\"dua\"\"\ntiga\"\n2,empat\n");
        assertThat(rows).extracting(CsvRow::line).containsExactly(1, 2, 4);
        assertThat(rows.get(1).fields()).containsExactly("1", "satu, \"dua\"\ntiga");
        assertThat(rows.get(2).fields()).containsExactly("2", "empat");
    }

    @Test
    void semicolonsAndTabsPartFieldsWhereTheHeadingSaysSo() throws IOException {
        assertThat(read("kode;nama\n1;a,b\n").getLast().fields()).containsExactly("1", "a,b");
        assertThat(read("kode\tnama\n1\ta;b\n").getLast().fields()).containsExactly("1", "a;b");
    }

    @Test
    void marksOfUtf8AndUtf16AreNotPartOfTheHeading() throws IOException {
        assertThat(read("\uFEFFkode,nama\n").getFirst().fields()).containsExactly("kode", "nama");
        assertThat(read("\uFEFFkode,nama\n".getBytes(StandardCharsets.UTF_16LE))
                        .getFirst()
                        .fields())
                .containsExactly("kode", "nama");
        assertThat(read("\uFEFFkode,nama\n".getBytes(StandardCharsets.UTF_16BE))
                        .getFirst()
                        .fields())
                .containsExactly("kode", "nama");
    }

    @Test
    void aLineInAnotherEncodingCostsItselfAlone() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write("nama\nsatu\n".getBytes(StandardCharsets.UTF_8));
        bytes.write("caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        bytes.write("kafé\n".getBytes(StandardCharsets.UTF_8));
        var rows = read(bytes.toByteArray());
        assertThat(rows.get(2)).isEqualTo(new CsvRow(3, List.of(), "operation.csv.encoding"));
        assertThat(rows.get(3).fields()).containsExactly("kafé");
    }

    @Test
    void aQuoteThatIsNeverClosedCostsItsLineAndTheRestGoesOn() throws IOException {
        var text = new StringBuilder("kode,isi\n1,\"tidak ditutup\n");
        for (var i = 2; i <= 2_000; i++) {
            text.append(i).append(",baris biasa\n");
        }
        var rows = read(text.toString());
        assertThat(rows).hasSize(2_001);
        assertThat(rows.get(1)).isEqualTo(new CsvRow(2, List.of(), "operation.csv.quote"));
        assertThat(rows.subList(2, rows.size()))
                .allSatisfy(row -> assertThat(row.fault()).isNull());
        assertThat(rows.get(2)).isEqualTo(new CsvRow(3, List.of("2", "baris biasa"), null));
        assertThat(rows.getLast().line()).isEqualTo(2_001);
    }

    @Test
    void whatStandsBehindAClosingQuoteIsSaid() throws IOException {
        assertThat(read("kode,isi\n1,\"a\" b\n2,c\n"))
                .extracting(CsvRow::fault)
                .containsExactly(null, "operation.csv.quote", null);
    }

    @Test
    void aLineWithoutEndIsReadInBoundedMemory() throws IOException {
        assertThat(read("kode\n" + "x".repeat(CsvRecords.LONGEST + 1) + "\n1\n"))
                .extracting(CsvRow::fault)
                .containsExactly(null, "operation.csv.too-long", null);
    }

    /** A million records pass through, none is kept. */
    @Test
    void aMillionLinesAreReadOneAtATime() throws IOException {
        var line = "12,\"laporan, jalan rusak\"\n".getBytes(StandardCharsets.UTF_8);
        var endless = new InputStream() {
            private int at;

            @Override
            public int read() {
                return at >= line.length * 1_000_000 ? -1 : line[at++ % line.length] & 0xFF;
            }
        };
        var records = new CsvRecords(TextFile.open(endless));
        var count = 0;
        for (var row = records.next(); row != null; row = records.next()) {
            count++;
        }
        assertThat(count).isEqualTo(1_000_000);
    }
}
