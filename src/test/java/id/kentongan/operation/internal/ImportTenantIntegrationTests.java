// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.Categories;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Network;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Officer;
import id.kentongan.identity.Officers;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Role;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.WithDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.poi.ss.usermodel.CellType;
import org.apache.poi.ss.util.CellRangeAddress;
import org.apache.poi.xssf.streaming.SXSSFWorkbook;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@WithDatabase
class ImportTenantIntegrationTests {
    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    @Autowired
    TestTenants tenants;

    @Autowired
    Agencies agencies;

    @Autowired
    Officers officers;

    @Autowired
    Categories categories;

    @Autowired
    RoutingRules rules;

    @Autowired
    Conversations conversations;

    @Autowired
    JdbcClient jdbc;

    @TempDir
    Path folder;

    private TestTenant tenant;
    private Shell shell;

    @BeforeEach
    void aGovernment() {
        tenant = tenants.foundReal();
        shell = new Shell(context);
    }

    private Shell.Ended bring(Path file, String... more) {
        var words = new ArrayList<>(List.of(
                "tenant", "import", file.toString(), "--tenant", tenant.tenant().host()));
        words.addAll(List.of(more));
        return shell.run(words.toArray(String[]::new));
    }

    private Shell.Ended bring(Map<String, List<List<String>>> sheets, String... more) {
        return bring(Workbooks.xlsx(folder.resolve("daftar.xlsx"), sheets), more);
    }

    /** Everything of the tenant that an import may touch, in words. */
    private List<String> everything() {
        var actor = tenant.system();
        var all = new ArrayList<String>();
        agencies.all(actor).forEach(each -> all.add(each.toString()));
        officers.all(actor).forEach(each -> all.add(each.toString()));
        categories.all(actor).forEach(each -> all.add(each.toString()));
        rules.all(actor).forEach(each -> all.add(each.toString()));
        conversations.cannedAnswers(actor).forEach(each -> all.add(each.toString()));
        return all;
    }

    private long entries() {
        return context.getBean(id.kentongan.database.ActorTransactions.class)
                .read(
                        tenant.system(),
                        () -> jdbc.sql("select count(*) from archive.entry")
                                .query(Long.class)
                                .single());
    }

    private Agency agency(String code) {
        return agencies.all(tenant.system()).stream()
                .filter(each -> each.code().equals(code))
                .findFirst()
                .orElseThrow();
    }

    private Officer officer(String mail) {
        var id = officers.withMail(tenant.system(), mail).orElseThrow();
        return officers.find(tenant.system(), id).orElseThrow();
    }

    @Test
    void everyTableComesInAndTheSameAgainChangesNothing() {
        var ended = bring(Workbooks.SUKAMAJU);
        assertThat(ended.code()).as(ended.err()).isZero();
        // The works agency is there already and is brought up to date.
        assertThat(ended.out())
                .contains("Perangkat Daerah: 3 baru, 1 berubah, 0 tetap", "Petugas: 3 baru, 0 berubah, 0 tetap")
                .contains("Kategori: 2 baru", "Aturan: 2 baru", "Jawaban: 1 baru")
                .contains("3 petugas baru belum punya tautan masuk");
        assertThat(agency("upt-jalan").parent()).isEqualTo(agency("dpupr").id());
        assertThat(agency("dpupr").id()).isEqualTo(tenant.works());
        assertThat(agency("dpupr").parent()).isEqualTo(agency("setda").id());
        assertThat(agency("dpupr").name()).isEqualTo("Dinas Pekerjaan Umum dan Penataan Ruang");
        assertThat(officer("budi@uji.example").roles()).containsExactlyInAnyOrder(Role.SUPERVISOR, Role.ADMINISTRATOR);
        assertThat(officer("budi@uji.example").circle()).isTrue();
        assertThat(officer("HENDRA@uji.example").agency())
                .isEqualTo(agency("upt-jalan").id());
        assertThat(officer("hendra@uji.example").roles()).containsExactly(Role.LIAISON_OFFICER);
        var roads = rules.all(tenant.system()).getFirst();
        assertThat(roads.words()).containsExactly("jalan rusak", "aspal", "lubang");
        assertThat(roads.kind()).isEqualTo(CaseKind.COMPLAINT);
        assertThat(roads.agency()).isEqualTo(agency("upt-jalan").id());
        assertThat(roads.effectiveFrom()).as("the day stands first").isEqualTo(LocalDate.of(2026, 2, 1));
        var waste = rules.all(tenant.system()).getLast();
        assertThat(waste.network()).isEqualTo(Network.WEB);
        assertThat(waste.effectiveTo()).isEqualTo(LocalDate.of(2027, 12, 31));
        assertThat(categories.all(tenant.system()))
                .extracting(Categories.Category::name)
                .containsExactly("Jalan", "Sampah");

        var stands = everything();
        var recorded = entries();
        var again = bring(Workbooks.SUKAMAJU);
        assertThat(again.out())
                .contains("Perangkat Daerah: 0 baru, 0 berubah, 4 tetap", "Petugas: 0 baru, 0 berubah, 3 tetap")
                .contains("Aturan: 0 baru, 0 berubah, 2 tetap", "Jawaban: 0 baru, 0 berubah, 1 tetap");
        assertThat(everything()).isEqualTo(stands);
        assertThat(entries()).as("nothing happened, nothing is recorded").isEqualTo(recorded);
    }

    @Test
    void aWorkbookOfLibreOfficeAndAFolderOfListsSayTheSame() {
        assertThat(bring(Workbooks.SUKAMAJU).code()).isZero();
        var stands = everything();
        var ods = bring(Workbooks.ods(folder.resolve("daftar.ods"), Workbooks.SUKAMAJU));
        assertThat(ods.code()).as(ods.err()).isZero();
        var csv = bring(Workbooks.folder(folder.resolve("daftar"), Workbooks.SUKAMAJU));
        assertThat(csv.code()).as(csv.err()).isZero();
        assertThat(everything()).isEqualTo(stands);
        assertThat(csv.out()).contains("Petugas: 0 baru, 0 berubah, 3 tetap");
    }

    @Test
    void theTemplateIsFilledAndBroughtIn() throws IOException {
        for (var language : List.of("id", "en")) {
            var file = folder.resolve("contoh-" + language + ".xlsx");
            var written = shell.run("tenant", "import", "--template", file.toString(), "--language", language);
            assertThat(written.code()).as(written.err()).isZero();
            var empty = bring(file);
            assertThat(empty.code()).as(empty.err()).isZero();
            try (var in = Files.newInputStream(file);
                    var workbook = new org.apache.poi.xssf.usermodel.XSSFWorkbook(in)) {
                var sheet = workbook.getSheet(language.equals("id") ? "Petugas" : "Officers");
                var row = sheet.createRow(1);
                var cells = List.of(
                        "Wati Lestari",
                        "wati." + language + "@uji.example",
                        "dpupr",
                        language.equals("id") ? "Pimpinan" : "Head");
                for (var i = 0; i < cells.size(); i++) {
                    row.createCell(i).setCellValue(cells.get(i));
                }
                try (var out = Files.newOutputStream(file)) {
                    workbook.write(out);
                }
            }
            var filled = bring(file, "--language", language);
            assertThat(filled.code()).as(filled.err()).isZero();
            assertThat(officer("wati." + language + "@uji.example").roles()).containsExactly(Role.HEAD);
            assertThat(shell.run("tenant", "import", "--template", file.toString())
                            .err())
                    .contains("sudah ada");
        }
        var lists = folder.resolve("csv");
        assertThat(shell.run("tenant", "import", "--template", lists.toString()).code())
                .isZero();
        assertThat(lists.resolve("perangkat-daerah.csv")).hasContent("kode,nama,nama singkat,induk,tugas");
        assertThat(bring(lists).code()).isZero();
        assertThat(shell.run("tenant", "import", "--template", folder + "/contoh.docx")
                        .err())
                .contains("sebutkan berkas .xlsx");
    }

    @Test
    void everyErrorIsSaidBySheetRowAndColumnAndNothingIsHalfBroughtIn() {
        var stands = everything();
        var sheets = Workbooks.with(
                "Petugas",
                List.of(
                        List.of("Nama", "Surel", "Perangkat daerah", "Peran", "Lingkar rahasia"),
                        List.of("Rina Setya", "rina", "setda", "Petugas komunikasi", ""),
                        List.of("", "sari@uji.example", "setda", "Raja", "mungkin"),
                        List.of("Tono", "tono@uji.example", "tiada", "Auditor, Penyelia", ""),
                        List.of("Tono Dua", "TONO@uji.example", "setda", "Pimpinan", "")));
        sheets.put(
                "Aturan",
                List.of(
                        List.of("Judul", "Kata", "Jenis", "Kategori", "Perangkat daerah", "Dasar", "Mulai", "Sampai"),
                        List.of("Satu", "a", "Pesta", "Jalan", "dlh", "rekaan", "31/02/2026", ""),
                        List.of("Dua", "a", "", "Hantu", "dlh", "rekaan", "2026-03-01", "2026-02-01")));
        sheets.put("Jawaban", List.of(List.of("Judul", "Isi"), List.of("Salah", "Halo {siapa}")));
        sheets.put("Catatan", List.of(List.of("apa saja"), List.of("tak dikenal")));
        var ended = bring(sheets);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains("Petugas, baris 2, kolom B (surel): \"rina\" bukan alamat surel")
                .contains("Petugas, baris 3, kolom A (nama): wajib diisi")
                .contains("Petugas, baris 3, kolom D (peran): \"Raja\" bukan peran")
                .contains("Petugas, baris 3, kolom E (lingkar rahasia): isi ya atau tidak")
                .contains("Petugas, baris 4, kolom D (peran): Auditor tidak merangkap")
                .contains("Petugas, baris 5, kolom B (surel): \"TONO@uji.example\" sudah ada di baris 4")
                .contains("Aturan, baris 2, kolom C (jenis): \"Pesta\" bukan jenis kasus")
                .contains("Aturan, baris 2, kolom G (mulai): \"31/02/2026\" bukan tanggal")
                .contains("Aturan, baris 3, kolom H (sampai):")
                .contains("Jawaban, baris 2, kolom B (isi):", "{siapa}")
                .contains("Catatan, baris 1: lembar ini tidak dikenal; yang dikenal: Perangkat Daerah")
                .contains("tidak ada yang diubah");
        assertThat(everything()).isEqualTo(stands);
        assertThat(bring(sheets, "--language", "en").err())
                .contains("Petugas, row 2, column B (surel): \"rina\" is no mail address");
        var problems = new JsonMapper().readTree(bring(sheets, "--json").out()).get("problems");
        assertThat(problems.size()).isEqualTo(11);
        assertThat(problems.get(0).get("sheet").asString()).isEqualTo("Aturan");
        assertThat(problems.get(0).get("column").asString()).isEqualTo("C");
    }

    @Test
    void whatIsNamedMustBeInTheFileOrThere() {
        var sheets = Workbooks.with(
                "Perangkat Daerah",
                List.of(
                        List.of("Kode", "Nama", "Nama singkat", "Induk", "Tugas"),
                        List.of("setda", "Sekretariat Daerah", "Setda", "", "tata usaha"),
                        List.of("dlh", "Dinas Lingkungan Hidup", "Dinas LH", "tiada", "sampah")));
        sheets.put(
                "Aturan",
                List.of(
                        List.of("Judul", "Kata", "Kecamatan", "Kategori", "Perangkat daerah", "Dasar"),
                        List.of("Dua", "a", "99.01.01", "Hantu", "dlh", "rekaan")));
        var ended = bring(sheets);
        assertThat(ended.err())
                .contains("Perangkat Daerah, baris 3, kolom D (induk): perangkat daerah \"tiada\" tidak ada")
                .contains("Petugas, baris 4, kolom C (perangkat daerah): perangkat daerah \"upt-jalan\" tidak ada")
                .contains("Kategori, baris 2, kolom B (perangkat daerah): perangkat daerah \"upt-jalan\"")
                .contains("Aturan, baris 2, kolom D (kategori): kategori \"Hantu\"")
                .contains("Aturan, baris 2, kolom C (kecamatan): kecamatan \"99.01.01\" belum ada")
                .contains("5 kesalahan");
        assertThat(agencies.all(tenant.system())).hasSize(3);
    }

    @Test
    void ringsOfParentsAreFoundInTheFileAndWithWhatIsThere() {
        var heading = List.of("Kode", "Nama", "Nama singkat", "Induk", "Tugas");
        var ring = bring(Workbooks.xlsx(
                folder.resolve("lingkar.xlsx"),
                Map.of(
                        "Perangkat Daerah",
                        List.of(
                                heading,
                                List.of("aa", "A", "A", "cc", "a"),
                                List.of("bb", "B", "B", "aa", "b"),
                                List.of("cc", "C", "C", "bb", "c"),
                                List.of("dd", "D", "D", "dd", "d")))));
        assertThat(ring.err()).contains("induk-induknya melingkar kembali ke \"aa\"", "kembali ke \"dd\"");
        assertThat(agencies.all(tenant.system())).hasSize(3);

        assertThat(bring(Workbooks.SUKAMAJU).code()).isZero();
        var stands = everything();
        var below = bring(Workbooks.xlsx(
                folder.resolve("terbalik.xlsx"),
                Map.of(
                        "Perangkat Daerah",
                        List.of(
                                heading,
                                List.of("baru", "Baru", "Baru", "", "baru"),
                                List.of("setda", "Sekretariat Daerah", "Setda", "upt-jalan", "tata usaha")))));
        assertThat(below.err()).contains("Perangkat Daerah, baris 3:");
        assertThat(everything()).as("the row before it is taken back too").isEqualTo(stands);
    }

    @Test
    void mergedCellsAreRefusedAndFormulasAreWhatTheyShowed() {
        var merged = bring(Workbooks.xlsx(folder.resolve("gabung.xlsx"), Workbooks.SUKAMAJU, workbook -> {
            workbook.getSheet("Petugas").addMergedRegion(CellRangeAddress.valueOf("C2:C3"));
        }));
        assertThat(merged.err()).contains("Petugas, baris 2, kolom C: sel digabung (C2:C3)");

        var formulas = bring(Workbooks.xlsx(folder.resolve("rumus.xlsx"), Workbooks.SUKAMAJU, workbook -> {
            var row = workbook.getSheet("Petugas").getRow(1);
            row.getCell(0).setCellFormula("CONCATENATE(\"Rina\",\" \",\"Setya\")");
            row.getCell(0).setCellValue("Rina Setya");
            // Never computed by us: whatever it points to is not asked.
            row.getCell(1).setCellFormula("WEBSERVICE(\"http://127.0.0.1:1/\")");
            row.getCell(1).setCellValue("rina@uji.example");
        }));
        assertThat(formulas.code()).as(formulas.err()).isZero();
        assertThat(officer("rina@uji.example").name()).isEqualTo("Rina Setya");

        var unknown = bring(Workbooks.xlsx(folder.resolve("belum.xlsx"), Workbooks.SUKAMAJU, workbook -> {
            var row = workbook.getSheet("Petugas").getRow(1);
            row.createCell(0).setCellFormula("CONCATENATE(\"Rina\",\" \",\"Setya\")");
            row.createCell(1, CellType.ERROR).setCellErrorValue(org.apache.poi.ss.usermodel.FormulaError.REF.getCode());
            workbook.getSheet("Aturan").getRow(1).createCell(7).setCellValue(46_054);
            var style = workbook.createCellStyle();
            style.setDataFormat(workbook.createDataFormat().getFormat("m/d/yy"));
            workbook.getSheet("Aturan").getRow(1).getCell(7).setCellStyle(style);
        }));
        assertThat(unknown.err())
                .contains("Petugas, baris 2, kolom A: rumus ini belum dihitung")
                .contains("Petugas, baris 2, kolom B: rumus ini salah (#REF!)")
                .contains("2 kesalahan");
    }

    @Test
    void daysAndCodesThatAProgramKeepsAsNumbersAreRead() {
        var ended = bring(Workbooks.xlsx(folder.resolve("angka.xlsx"), Workbooks.SUKAMAJU, workbook -> {
            var day = workbook.createCellStyle();
            day.setDataFormat(workbook.createDataFormat().getFormat("m/d/yy"));
            var cell = workbook.getSheet("Aturan").getRow(1).createCell(7);
            cell.setCellValue(LocalDate.of(2026, 11, 3));
            cell.setCellStyle(day);
            var yes = workbook.getSheet("Petugas").getRow(1).createCell(4);
            yes.setCellValue(true);
        }));
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(rules.all(tenant.system()).getFirst().effectiveFrom()).isEqualTo(LocalDate.of(2026, 11, 3));
        assertThat(officer("rina@uji.example").circle()).isTrue();
    }

    @Test
    void listsInOtherEncodingsAndWithOpenQuotesAreSaidByLine() throws IOException {
        var lists = Workbooks.folder(folder.resolve("daftar"), Workbooks.SUKAMAJU);
        var file = lists.resolve("petugas.csv");
        try (var out = Files.newOutputStream(file)) {
            out.write("nama;surel;perangkat daerah;peran\n".getBytes(StandardCharsets.UTF_8));
            out.write("Ren\u00e9;rene@uji.example;setda;Pimpinan\n".getBytes(StandardCharsets.ISO_8859_1));
            out.write("\"Tono;tono@uji.example;setda;Pimpinan\n".getBytes(StandardCharsets.UTF_8));
            out.write("Wati;wati@uji.example;setda;Pimpinan\n".getBytes(StandardCharsets.UTF_8));
        }
        var ended = bring(lists);
        assertThat(ended.err())
                .contains("petugas, baris 2: hurufnya bukan UTF-8", "petugas, baris 3: tanda kutip", "2 kesalahan");
        assertThat(agencies.all(tenant.system())).hasSize(3);
    }

    @Test
    void filesThatAreNoneOrExplodeAreRefusedInOneLine() throws IOException {
        refused("bukan buku kerja", Files.writeString(folder.resolve("teks.xlsx"), "bukan apa-apa"));
        refused("tidak ada", folder.resolve("tiada.xlsx"));
        refused("Excel lama", Files.write(folder.resolve("lama.xls"), new byte[] {
            (byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A, (byte) 0xE1
        }));
        var whole = Files.readAllBytes(Workbooks.xlsx(folder.resolve("utuh.xlsx"), Workbooks.SUKAMAJU));
        refused("rusak", Files.write(folder.resolve("potong.xlsx"), java.util.Arrays.copyOf(whole, whole.length / 2)));
        refused("rusak", Workbooks.zip(folder.resolve("lain.ods"), "mimetype", new byte[] {1}));
        refused("tidak berisi berkas .csv", Files.createDirectory(folder.resolve("kosong")));
        refused(
                "tidak dikenal",
                Workbooks.xlsx(folder.resolve("asing.xlsx"), Map.of("Lembar1", List.of(List.of("a")))));
        refused(
                "Tidak ada lembar yang dikenal",
                Workbooks.xlsx(folder.resolve("hampa.xlsx"), Map.of("Lembar1", List.of())));
        refused(
                "lebih besar dari 20 MB",
                Files.write(folder.resolve("besar.xlsx"), new byte[(int) SheetFiles.LARGEST + 1]));

        // A part of many hundred megabytes, packed into some hundred kilobytes.
        var bomb = Workbooks.xlsx(folder.resolve("bom.xlsx"), Workbooks.SUKAMAJU);
        exchange(bomb, "/xl/worksheets/sheet1.xml", 300_000_000);
        refused("mengembang terlalu besar", bomb);
        var ods = folder.resolve("bom.ods");
        blown(ods, "content.xml", 100_000_000);
        refused("mengembang terlalu besar", ods);
        // Entities of entities, which would become gigabytes of memory.
        var laughs = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"ha\">");
        for (var c = 'b'; c <= 'z'; c++) {
            laughs.append("<!ENTITY ")
                    .append(c)
                    .append(" \"")
                    .append(("&" + (char) (c - 1) + ";").repeat(10))
                    .append("\">");
        }
        refused(
                "rusak",
                Workbooks.zip(
                        folder.resolve("tawa.ods"),
                        "content.xml",
                        laughs.append("]><x>&z;</x>").toString().getBytes(StandardCharsets.UTF_8)));
    }

    private void refused(String why, Path file) {
        var ended = bring(file);
        assertThat(ended.err()).as(file.toString()).contains(why).doesNotContain("Exception", "\tat ");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(agencies.all(tenant.system())).hasSize(3);
    }

    private static void exchange(Path workbook, String part, long size) throws IOException {
        try (var zip = java.nio.file.FileSystems.newFileSystem(workbook);
                var out = Files.newOutputStream(zip.getPath(part))) {
            blanks(out, size);
        }
    }

    private static void blown(Path file, String entry, long size) throws IOException {
        try (var zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new java.util.zip.ZipEntry(entry));
            blanks(zip, size);
        }
    }

    private static void blanks(java.io.OutputStream out, long size) throws IOException {
        out.write("<x>".getBytes(StandardCharsets.UTF_8));
        var block = " ".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        for (var written = 0L; written < size; written += block.length) {
            out.write(block);
        }
    }

    @Test
    void aHundredThousandRowsAreSaidAndNotRead() throws IOException {
        var file = folder.resolve("banyak.xlsx");
        try (var workbook = new SXSSFWorkbook(100);
                var out = Files.newOutputStream(file)) {
            var sheet = workbook.createSheet("Petugas");
            var heading = sheet.createRow(0);
            var names = List.of("Nama", "Surel", "Perangkat daerah", "Peran");
            for (var i = 0; i < names.size(); i++) {
                heading.createCell(i).setCellValue(names.get(i));
            }
            for (var r = 1; r <= 100_000; r++) {
                var row = sheet.createRow(r);
                row.createCell(0).setCellValue("Petugas " + r);
                row.createCell(1).setCellValue("petugas" + r + "@uji.example");
                row.createCell(2).setCellValue("dpupr");
                row.createCell(3).setCellValue("Pimpinan");
            }
            workbook.write(out);
        }
        var ended = bring(file);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("Petugas, baris 1: lebih dari 10.000 baris", "1 kesalahan");
        assertThat(officers.all(tenant.system())).isEmpty();
    }

    @Test
    void whatAModuleRefusesTakesEverythingBack() {
        // A closed agency keeps its code.
        var closed = agency("dukcapil");
        agencies.save(
                tenant.system(),
                new Agency(closed.id(), null, "dukcapil", closed.name(), closed.shortName(), closed.duties(), false));
        var stands = everything();
        var ended = bring(Workbooks.with(
                "Perangkat Daerah",
                Stream.concat(
                                Workbooks.SUKAMAJU.get("Perangkat Daerah").stream(),
                                Stream.of(List.of("dukcapil", "Dukcapil", "Dukcapil", "", "KTP")))
                        .toList()));
        assertThat(ended.err()).contains("Perangkat Daerah, baris 7:", "1 kesalahan");
        assertThat(everything()).isEqualTo(stands);
    }

    @Test
    void checkingBringsNothingInAndSaysWhatWouldBe() {
        var stands = everything();
        var ended = bring(Workbooks.SUKAMAJU, "--check");
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("Hanya diperiksa", "Petugas: 3 baru");
        assertThat(everything()).isEqualTo(stands);
        assertThat(bring(Workbooks.SUKAMAJU, "--check", "--json").out())
                .contains("\"checked\":true", "\"officers\":{\"added\":3,\"changed\":0,\"same\":0}");
    }

    @Test
    void newOfficersComeInByTheLinksThatWereWrittenForThem() throws IOException {
        var links = folder.resolve("tautan.csv");
        var ended = bring(Workbooks.SUKAMAJU, "--links", links.toString());
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("Tautan sekali pakai untuk 3 petugas baru");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(links)))
                .isEqualTo("rw-------");
        var rows = Files.readAllLines(links);
        assertThat(rows).hasSize(4);
        assertThat(rows.get(1))
                .startsWith(
                        "Rina Setya,rina@uji.example,https://" + tenant.tenant().host() + "/invitation/");
        var path = rows.get(1).split(",")[2].replaceFirst("https://[^/]+", "");
        assertThat(new Visitor(port, tenant.tenant().host()).get(path).body()).contains("Rina Setya");
        assertThat(bring(Workbooks.SUKAMAJU, "--links", links.toString()).err()).contains("sudah ada");
    }

    @Test
    void anOfficerKeepsTheirOwnNameAndAnAdministratorAlwaysStays() {
        assertThat(bring(Workbooks.SUKAMAJU).code()).isZero();
        var rina = officer("rina@uji.example");
        officers.change(
                tenant.system(),
                new Officer(rina.id(), "Rina Setya Utami", rina.agency(), rina.roles(), rina.circle(), true));
        assertThat(bring(Workbooks.SUKAMAJU).out()).contains("Petugas: 0 baru, 0 berubah, 3 tetap");
        assertThat(officer("rina@uji.example").name()).isEqualTo("Rina Setya Utami");

        var without = bring(Workbooks.with(
                "Petugas",
                List.of(
                        List.of("Nama", "Surel", "Perangkat daerah", "Peran"),
                        List.of("Budi Wardana", "budi@uji.example", "setda", "Penyelia"))));
        assertThat(without.err()).contains("tidak ada administrator yang tersisa");
        assertThat(officer("budi@uji.example").roles()).contains(Role.ADMINISTRATOR);
    }
}
