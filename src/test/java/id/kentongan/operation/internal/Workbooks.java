// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;

/** Writes workbooks and folders as people do, with the imaginary regency's lists. */
final class Workbooks {
    /** Sheet by sheet, the heading first. */
    static final Map<String, List<List<String>>> SUKAMAJU = sukamaju();

    private Workbooks() {}

    private static Map<String, List<List<String>>> sukamaju() {
        var sheets = new LinkedHashMap<String, List<List<String>>>();
        sheets.put(
                "Perangkat Daerah",
                List.of(
                        List.of("Kode", "Nama", "Nama singkat", "Induk", "Tugas"),
                        // Below before above: the order of rows does not matter.
                        List.of("upt-jalan", "UPT Jalan dan Jembatan", "UPT Jalan", "dpupr", "jalan, jembatan"),
                        List.of(
                                "dpupr",
                                "Dinas Pekerjaan Umum dan Penataan Ruang",
                                "Dinas PUPR",
                                "setda",
                                "jalan, drainase"),
                        List.of("setda", "Sekretariat Daerah", "Setda", "", "tata usaha"),
                        List.of("", "", "", "", ""),
                        List.of("dlh", "Dinas Lingkungan Hidup", "Dinas LH", "setda", "sampah, pohon")));
        sheets.put(
                "Petugas",
                List.of(
                        List.of("Nama", "Surel", "Perangkat daerah", "Peran", "Lingkar rahasia"),
                        List.of("Rina Setya", "rina@uji.example", "setda", "Petugas komunikasi", ""),
                        List.of("Budi Wardana", "budi@uji.example", "setda", "Penyelia; Administrator", "ya"),
                        List.of("Hendra Jati", "hendra@uji.example", "upt-jalan", "liaison officer", "tidak")));
        sheets.put(
                "Kategori",
                List.of(
                        List.of("Nama", "Perangkat daerah", "Keterangan"),
                        List.of("Jalan", "upt-jalan", "Jalan dan jembatan kabupaten"),
                        List.of("Sampah", "dlh", "")));
        sheets.put(
                "Aturan",
                List.of(
                        List.of(
                                "Judul",
                                "Kata",
                                "Kanal",
                                "Jenis",
                                "Kategori",
                                "Perangkat daerah",
                                "Dasar",
                                "Mulai",
                                "Sampai"),
                        List.of(
                                "Jalan rusak",
                                "jalan rusak, aspal; lubang",
                                "",
                                "Aduan",
                                "Jalan",
                                "upt-jalan",
                                "Keputusan Bupati rekaan",
                                "1/2/2026",
                                ""),
                        List.of(
                                "Sampah",
                                "sampah,tps",
                                "Formulir web",
                                "complaint",
                                "Sampah",
                                "dlh",
                                "Keputusan Bupati rekaan",
                                "2026-01-01",
                                "2027-12-31")));
        sheets.put(
                "Jawaban",
                List.of(
                        List.of("Judul", "Isi"),
                        List.of("Diteruskan", "Terima kasih, {nama}. Sudah kami teruskan ke {dinas}.")));
        return sheets;
    }

    static Path xlsx(Path file, Map<String, List<List<String>>> sheets) {
        return xlsx(file, sheets, workbook -> {});
    }

    static Path xlsx(Path file, Map<String, List<List<String>>> sheets, Consumer<XSSFWorkbook> more) {
        try (var workbook = new XSSFWorkbook();
                var out = Files.newOutputStream(file)) {
            sheets.forEach((name, rows) -> {
                var sheet = workbook.createSheet(name);
                for (var r = 0; r < rows.size(); r++) {
                    var row = sheet.createRow(r);
                    for (var c = 0; c < rows.get(r).size(); c++) {
                        if (!rows.get(r).get(c).isEmpty()) {
                            row.createCell(c).setCellValue(rows.get(r).get(c));
                        }
                    }
                }
            });
            more.accept(workbook);
            workbook.write(out);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As LibreOffice writes them: empty cells and rows repeated to the end of the sheet. */
    static Path ods(Path file, Map<String, List<List<String>>> sheets) {
        var xml = new StringBuilder("""
                <?xml version="1.0" encoding="UTF-8"?>
                <office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
                    xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
                    xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
                """);
        sheets.forEach((name, rows) -> {
            xml.append("<table:table table:name=\"").append(name).append("\">");
            rows.forEach(row -> {
                xml.append("<table:table-row>");
                row.forEach(cell -> xml.append(
                        cell.isEmpty()
                                ? "<table:table-cell/>"
                                : cell.matches("\\d{4}-\\d\\d-\\d\\d")
                                        ? "<table:table-cell office:value-type=\"date\" office:date-value=\"" + cell
                                                + "\"><text:p>beberapa hari lagi</text:p></table:table-cell>"
                                        : "<table:table-cell office:value-type=\"string\"><text:p>" + cell
                                                + "</text:p></table:table-cell>"));
                xml.append("<table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>");
            });
            xml.append("<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell"
                    + " table:number-columns-repeated=\"16384\"/></table:table-row></table:table>");
        });
        return zip(
                file,
                "content.xml",
                xml.append("</office:spreadsheet></office:body></office:document-content>")
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
    }

    static Path zip(Path file, String entry, byte[] content) {
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(content);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a program in Indonesia saves them: with a mark and semicolons. */
    static Path folder(Path folder, Map<String, List<List<String>>> sheets) {
        try {
            Files.createDirectories(folder);
            for (var sheet : sheets.entrySet()) {
                var text = new StringBuilder("\uFEFF");
                sheet.getValue()
                        .forEach(row -> text.append(String.join(
                                        ";",
                                        row.stream()
                                                .map(cell -> cell.contains(";") ? "\"" + cell + "\"" : cell)
                                                .toList()))
                                .append("\r\n"));
                Files.writeString(
                        folder.resolve(sheet.getKey()
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .replace(' ', '-') + ".csv"),
                        text);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same sheets with one of them in another form. */
    static Map<String, List<List<String>>> with(String sheet, List<List<String>> rows) {
        var changed = new LinkedHashMap<>(SUKAMAJU);
        changed.put(sheet, rows);
        return changed;
    }
}
