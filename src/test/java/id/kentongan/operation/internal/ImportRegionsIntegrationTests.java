// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import id.kentongan.casework.Regions;
import id.kentongan.casework.Regions.Village;
import id.kentongan.testing.SharedFiles;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@WithDatabase
class ImportRegionsIntegrationTests {
    /** Written for the project: an imaginary regency 99.01, and a neighbour that is not taken. */
    private static final String LIST = """
            /*
            semua rekaan; it's a comment
            */
            DROP TABLE IF EXISTS wilayah;
            CREATE TABLE wilayah (kode varchar(13) NOT NULL, nama varchar(100) NOT NULL, PRIMARY KEY (kode));
            INSERT INTO wilayah (kode, nama)
            VALUES
            ('99','Provinsi Rekaan'),
            ('99.01','Kabupaten Sukamaju'),
            ('99.01.01','Melati'),
            ('99.01.01.2001','Sukarame'),
            ('99.01.01.2002','Tanjung Ma\\'mur'),
            ('99.01.02','Mawar'),
            ('99.01.02.1001','O''ntong Baru'),
            ('99.02','Kabupaten Lain'),
            ('99.02.01','Bukan Kita');
            """;

    private static final String BOUNDARIES = """
            DELETE FROM wilayah_boundaries WHERE kode LIKE '99.01.%';
            INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES
                ('99.01.01.2001','Sukarame',0,0,'[[[-7.4,109.0],[-7.4,109.2],[-7.2,109.2],[-7.2,109.0],[-7.4,109.0]]]'),
                ('99.01.01.2002','Tanjung Ma''mur',-7.31,109.31,NULL);
            """;

    @Autowired
    ApplicationContext context;

    @Autowired
    TestTenants tenants;

    @Autowired
    Regions regions;

    @Autowired
    JdbcClient jdbc;

    @TempDir
    Path folder;

    private TestTenant tenant;
    private Shell shell;

    @BeforeEach
    void aGovernment() {
        tenant = tenants.found();
        shell = new Shell(context);
    }

    private Shell.Ended bring(String code, Path... files) {
        var words = new ArrayList<>(List.of("region", "import"));
        Stream.of(files).map(Path::toString).forEach(words::add);
        words.addAll(List.of("--code", code, "--tenant", tenant.tenant().host()));
        return shell.run(words.toArray(String[]::new));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void namesComeFromOneFileAndPositionsFromAnother() throws IOException {
        var ended = bring("99.01", file("wilayah.sql", LIST), file("batas.sql", BOUNDARIES));
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .contains("2 kecamatan dan 3 desa/kelurahan", "5 baru atau berubah")
                .contains("2 belum punya letak pada peta", "99.01.02 Mawar", "99.01.02.1001 O'ntong Baru");

        var found = regions.districts(tenant.system());
        assertThat(found).extracting(each -> each.name()).containsExactly("Mawar", "Melati");
        assertThat(found.getFirst().latitude()).as("nobody has told").isNull();
        var melati = found.getLast();
        assertThat(melati.villages()).extracting(Village::name).containsExactly("Sukarame", "Tanjung Ma'mur");
        assertThat(melati.villages().getFirst().latitude()).isCloseTo(-7.3, within(1e-9));
        assertThat(melati.villages().getFirst().longitude()).isCloseTo(109.1, within(1e-9));
        assertThat(melati.villages().getLast().latitude())
                .as("without a boundary, the point beside it")
                .isEqualTo(-7.31);
        assertThat(melati.latitude()).as("in the middle of its villages").isCloseTo(-7.305, within(1e-9));
    }

    @Test
    void theSameAgainChangesNothing() throws IOException {
        var list = file("wilayah.sql", LIST);
        var boundaries = file("batas.sql", BOUNDARIES);
        assertThat(bring("99.01", list, boundaries).code()).isZero();
        assertThat(bring("99.01", list, boundaries).out()).contains("0 baru atau berubah");
        assertThat(regions.districts(tenant.system())).hasSize(2);
    }

    @Test
    void commaSeparatedListsComeWithOrWithoutPositionsAndPoints() throws IOException {
        var csv = file("desa.csv", "\uFEFFKode;Nama;Lat;Lng\n990103;Kenanga;-7,5;109,5\n9901032001;Wanasari;;\n\n");
        var ended = bring("9901", csv);
        assertThat(ended.code()).as(ended.err()).isZero();
        var found = regions.districts(tenant.system()).getFirst();
        assertThat(found.code()).isEqualTo("99.01.03");
        assertThat(found.latitude()).isEqualTo(-7.5);
        assertThat(found.villages().getFirst().code()).isEqualTo("99.01.03.2001");
        assertThat(found.villages().getFirst().latitude()).isNull();
    }

    @Test
    void everyErrorIsSaidByLineAndNothingIsTakenIn() throws IOException {
        var csv = folder.resolve("salah.csv");
        try (var out = Files.newOutputStream(csv)) {
            out.write("""
                    kode,nama,lat,lng
                    99.01.01,Melati,-7.4,109.1
                    99.01.1,Kurang,,
                    99.01.01.2001,Sukarame,-74.0,109.1
                    99.01.01.2002,Tanjung,abc,109.1
                    99.01.01.2003,"Tak ditutup
                    99.01.01.2004,,,
                    99.01.07.2001,Yatim,,
                    """.getBytes(StandardCharsets.UTF_8));
            out.write("99.01.01.2005,Caf\u00e9,,\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        var ended = bring("99.01", csv);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains("salah.csv:3: \"99.01.1\" bukan kode wilayah")
                .contains("salah.csv:4: letak untuk 99.01.01.2001")
                .contains("salah.csv:5: letak untuk 99.01.01.2002")
                .contains("salah.csv:6: tanda kutip")
                .contains("salah.csv:7: nama untuk 99.01.01.2004")
                .contains("99.01.07.2001: kecamatan 99.01.07 tidak ada")
                .contains("salah.csv:9: hurufnya bukan UTF-8")
                .contains("7 kesalahan; tidak ada yang diubah");
        assertThat(regions.districts(tenant.system())).isEmpty();
    }

    @Test
    void filesThatAreCutOffOrNoneAndWrongWordsAreSaid() throws IOException {
        var cut = file("potong.sql", LIST.substring(0, LIST.length() - 12));
        assertThat(bring("99.01", cut).err()).contains("potong.sql:", "terpotong");
        assertThat(bring("99.01", folder.resolve("tiada.sql")).err()).contains("tiada.sql tidak ada");
        assertThat(bring("99.07", file("wilayah.sql", LIST)).err()).contains("Tidak ada kecamatan dengan kode 99.07");
        assertThat(bring("99.01", file("kosong.csv", "")).err()).contains("Tidak ada kecamatan");
        assertThat(bring("99.01", file("lain.csv", "a,b\n1,2\n")).err()).contains("lain.csv:1: baris pertama");
        assertThat(bring("99", file("wilayah.sql", LIST)).code()).isEqualTo(2);
        assertThat(bring("99.01").err()).contains("a file is missing");
        assertThat(shell.run("region", "import", "x.csv", "--code", "99.01").err())
                .contains("pilih satu dengan --tenant", tenant.tenant().host());
        assertThat(shell.run("region", "import", "x.csv", "--code", "99.01", "--tenant", "tiada.example")
                        .err())
                .contains("tidak menyebut pemerintah daerah yang ada");
        assertThat(regions.districts(tenant.system())).isEmpty();
    }

    @Test
    void checkingChangesNothingAndProgramsGetOneValue() throws IOException {
        var list = file("wilayah.sql", LIST);
        var host = tenant.tenant().host();
        var ended = shell.run("region", "import", list.toString(), "--code", "99.01", "--tenant", host, "--check");
        assertThat(ended.out()).contains("Benar: 2 kecamatan", "tidak ada yang diubah");
        assertThat(regions.districts(tenant.system())).isEmpty();
        var said = new JsonMapper()
                .readTree(shell.run("region", "import", list.toString(), "--code", "99.01", "--tenant", host, "--json")
                        .out());
        assertThat(said.get("districts").asInt()).isEqualTo(2);
        assertThat(said.get("changed").asInt()).isEqualTo(5);
        assertThat(said.get("withoutPosition").size()).isEqualTo(5);
    }

    /** The published lists, which are not part of the project. */
    @Test
    void aRegencyOfThePublishedListsIsTakenInWithItsPositions() {
        var list = SharedFiles.need("data/wilayah/wilayah.sql");
        var districts = SharedFiles.need("data/wilayah/wilayah_boundaries_kec_33.sql");
        var villages = SharedFiles.need("data/wilayah/wilayah_boundaries_kel_33.02.sql");
        var ended = bring("33.02", list, districts, villages);
        assertThat(ended.code()).as(ended.err()).isZero();
        var found = regions.districts(tenant.system());
        assertThat(found).hasSize(27);
        assertThat(found.stream().mapToInt(each -> each.villages().size()).sum())
                .isEqualTo(331);
        assertThat(found).allSatisfy(district -> {
            assertThat(district.latitude()).isBetween(-7.8, -7.1);
            assertThat(district.longitude()).isBetween(108.6, 109.5);
        });
        var unplaced = found.stream()
                .flatMap(each -> each.villages().stream())
                .filter(each -> each.latitude() == null)
                .count();
        assertThat(ended.out()).contains(unplaced == 0 ? "Semuanya punya letak" : unplaced + " belum punya letak");
    }
}
