// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Indonesian words find each other. */
class WordsTests {
    @ParameterizedTest
    @CsvSource({
        "sekolah, sekolahnya",
        "sekolah, sekolahku",
        "sekolah, sekolahan",
        "sekolah, bersekolah",
        "sekolah, sekolah-sekolah",
        "masalah, masalahnya",
        "masalah, permasalahan",
        "masalah, bermasalah",
        "masalah, dipermasalahkan",
        "rumah, rumahnya",
        "rumah, perumahan",
        "rumah, dirumahkan",
        "sampah, sampahnya",
        "sampah, persampahan",
        "sampah, sampahlah",
        "wilayah, wilayahnya",
        "wilayah, kewilayahan",
        "jalan, jalanan",
        "jalan, jalannya",
        "jalan, berjalan",
        "jalan, perjalanan",
        "jalan, dijalankan",
        "jalan, menjalankan",
        "perbaikan, memperbaiki",
        "perbaikan, diperbaiki",
        "baik, perbaikan",
        "baik, memperbaiki",
        "baik, kebaikan",
        "rusak, kerusakan",
        "rusak, merusak",
        "rusak, dirusak",
        "rusak, merusakkan",
        "bantu, bantuan",
        "bantu, membantu",
        "bantu, dibantu",
        "layan, pelayanan",
        "layan, melayani",
        "layan, dilayani",
        "layan, layanan",
        "bayar, pembayaran",
        "bayar, membayar",
        "bayar, dibayarkan",
        "urus, mengurus",
        "urus, urusan",
        "urus, pengurusan",
        "tulis, menulis",
        "tulis, penulis",
        "tulis, tulisan",
        "sapu, menyapu",
        "pukul, memukul",
        "kirim, mengirim",
        "kirim, kiriman",
        "kirim, pengiriman",
        "kirim, dikirimkan",
        "ambil, mengambil",
        "ambil, pengambilan",
        "lapor, laporan",
        "lapor, melapor",
        "lapor, melaporkan",
        "lapor, dilaporkan",
        "lapor, pelapor",
        "banjir, kebanjiran",
        "banjir, banjirnya",
        "bangun, pembangunan",
        "bangun, bangunan",
        "bangun, membangun",
        "air, airnya",
        "air, pengairan",
        "lampu, lampunya",
        "kartu, kartunya",
        "jembatan, jembatannya",
        "tanggap, tanggapan",
        "tanggap, menanggapi",
        "tangan, penanganan",
        "tangan, menangani",
        "tangani, menangani",
        "camat, kecamatan",
        "lurah, kelurahan",
        "sehat, kesehatan",
        "didik, pendidikan",
        "buang, pembuangan",
        "buang, membuang",
        "pasang, memasang",
        "pasang, pemasangan",
        "antre, antrean",
        "nikah, pernikahan",
        "lahir, kelahiran",
        "mati, kematian",
        "duduk, kependudukan",
        "Jalan, jalan",
        "café, cafe",
        "langkah, langkahnya",
        "salah, kesalahan",
        "salah, disalahkan",
        "kebun, perkebunan",
        "tahun, tahunan",
        "penuh, memenuhi",
    })
    void meet(String one, String other) {
        assertThat(meeting(one, other)).as(one + " finds " + other).isTrue();
        assertThat(meeting(other, one)).as(other + " finds " + one).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "sekolah, seko",
        "masalah, masa",
        "rumah, rum",
        "sampah, samp",
        "jumlah, jum",
        "wilayah, wila",
        "langkah, lang",
        "makalah, maka",
        "jalan, jala",
        "ikan, ika",
        "makan, maka",
        "bukan, buka",
        "tangan, tang",
        "bulan, bul",
        "hujan, huj",
        "pegawai, pegawa",
        "nilai, nila",
        "sungai, sunga",
        "pantai, panta",
        "partai, parta",
        "selesai, selesa",
        "beli, bel",
        "kami, kam",
        "ampun, am",
        "kebun, keb",
        "tahun, tah",
        "desa, sa",
        "dinas, nas",
        "sendiri, ndiri",
        "seperti, perti",
        "pasar, asar",
        "terminal, minal",
        "kepala, pala",
        "kelas, las",
        "kertas, tas",
        "buku, bu",
        "kamu, ka",
        "ilmu, il",
        "tamu, ta",
        "bumi, bum",
        "sapi, sap",
        "padi, pad",
        "kali, kal",
        "mobil, mob",
        "serikat, rikat",
        "berita, ita",
        "perlu, lu",
        "penting, ting",
        "medan, edan",
        "meja, eja",
        "pesan, san",
        "peta, ta",
        "tempat, mpat",
        "jembatan, jembat",
        "kecamatan, kecam",
        "lapangan, lap",
        "jalan, jalin",
        "banjir, banjar",
        "lampu, lampau",
    })
    void doNotMeet(String one, String other) {
        assertThat(meeting(one, other)).as(one + " finds " + other).isFalse();
    }

    @Test
    void commonWordsAndSignsAreNotSearchedFor() {
        assertThat(Words.query("yang di dan", word -> word)).isEmpty();
        assertThat(Words.query("' | & ! :* \\ ()", word -> word)).isEmpty();
        assertThat(Words.query("jalan' | 'x", word -> word))
                .doesNotContain("\\")
                .contains("'jalan'");
    }

    @Test
    void numbersStayWhole() {
        assertThat(Words.lexemes("RT 05 KTG-2026-004217 jalan 12345678")).contains("05", "2026", "004217", "12345678");
    }

    /** As the database does it: a query word is met by its exact form or its stem in what the other text left. */
    private static boolean meeting(String query, String text) {
        var lexemes = Set.of(Words.lexemes(text));
        for (var word : Words.split(query)) {
            var wanted = new HashSet<>(Set.of(word));
            wanted.add(Words.stem(word));
            if (wanted.stream().noneMatch(lexemes::contains)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void linksAreNoWords() {
        assertThat(Words.split("Lihat HTTPS://Kabar.example/lacak/r/Rahasia12 atau www.kabar.example, atau"
                        + " kabar.example:8080/lacak/r/Rahasia12"))
                .containsExactly("lihat", "atau", "atau");
        assertThat(Words.split("RT 03/RW 05, jl. Melati no.7 dan/atau 24/11/2026"))
                .contains("rt", "03", "rw", "05", "melati", "atau", "24", "11", "2026");
    }
}
