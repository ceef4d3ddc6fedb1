// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.Regions.District;
import id.kentongan.casework.Regions.Village;
import id.kentongan.kernel.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The imaginary regency as data: agencies, officers, districts, routing rules, canned answers, and what people write. */
final class Sukamaju {
    static final String PASSWORD = "kentongan-sukamaju";

    private Sukamaju() {}

    record NewAgency(String code, String name, String shortName, String duties) {}

    static final List<NewAgency> AGENCIES = List.of(
            new NewAgency(
                    "diskominfo", "Dinas Komunikasi dan Informatika", "Diskominfo", "informasi publik, aduan warga"),
            new NewAgency(
                    "dpupr", "Dinas Pekerjaan Umum dan Penataan Ruang", "Dinas PUPR", "jalan, drainase, jembatan"),
            new NewAgency("dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "Dinas Dukcapil", "KTP, KK, akta"),
            new NewAgency("dinkes", "Dinas Kesehatan", "Dinas Kesehatan", "puskesmas, imunisasi, BPJS"),
            new NewAgency("dinsos", "Dinas Sosial", "Dinas Sosial", "bantuan sosial, data keluarga"),
            new NewAgency("disdik", "Dinas Pendidikan", "Dinas Pendidikan", "sekolah, beasiswa"),
            new NewAgency("dishub", "Dinas Perhubungan", "Dinas Perhubungan", "lampu jalan, parkir, angkutan"),
            new NewAgency("dlh", "Dinas Lingkungan Hidup", "Dinas LH", "sampah, pohon, pencemaran"),
            new NewAgency("bpbd", "Badan Penanggulangan Bencana Daerah", "BPBD", "banjir, longsor, kebakaran"),
            new NewAgency("pdam", "Perumda Air Minum Tirta Rekaan", "Tirta Rekaan", "air bersih, sambungan, tagihan"),
            new NewAgency("satpolpp", "Satuan Polisi Pamong Praja", "Satpol PP", "ketertiban umum"),
            new NewAgency(
                    "dpmptsp",
                    "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu",
                    "DPMPTSP",
                    "izin usaha, bangunan"),
            new NewAgency("inspektorat", "Inspektorat Daerah", "Inspektorat", "pengawasan, pelaporan pelanggaran"));

    record NewDemoOfficer(String name, String mail, String agency, boolean circle, Set<Role> roles) {}

    static final List<NewDemoOfficer> OFFICERS = List.of(
            new NewDemoOfficer(
                    "Rina Setya", "rina@sukamaju.example", "diskominfo", false, Set.of(Role.COMMUNICATION_OFFICER)),
            new NewDemoOfficer("Budi Wardana", "budi@sukamaju.example", "diskominfo", true, Set.of(Role.SUPERVISOR)),
            new NewDemoOfficer("Ani Laras", "ani@sukamaju.example", "diskominfo", false, Set.of(Role.ADMINISTRATOR)),
            new NewDemoOfficer("Hendra Jati", "hendra@sukamaju.example", "dpupr", false, Set.of(Role.LIAISON_OFFICER)),
            new NewDemoOfficer(
                    "Sari Pramesti", "sari@sukamaju.example", "dukcapil", false, Set.of(Role.LIAISON_OFFICER)),
            new NewDemoOfficer("Tono Hadi", "tono@sukamaju.example", "dlh", false, Set.of(Role.LIAISON_OFFICER)),
            new NewDemoOfficer("Wulan Asih", "wulan@sukamaju.example", "dpupr", false, Set.of(Role.HEAD)),
            new NewDemoOfficer("Yusuf Teguh", "yusuf@sukamaju.example", "inspektorat", true, Set.of(Role.AUDITOR)));

    /** @param words any of them, parted by a comma */
    record NewRule(String title, String words, CaseKind kind, String category, String agency) {}

    static final List<NewRule> RULES = List.of(
            new NewRule(
                    "Pungutan dan penyalahgunaan wewenang",
                    "pungli,pungutan liar,minta uang,suap,korupsi",
                    CaseKind.WHISTLE_BLOWING,
                    "Integritas",
                    "inspektorat"),
            new NewRule(
                    "Banjir, longsor, kebakaran",
                    "banjir,longsor,kebakaran,air masuk rumah,pohon tumbang",
                    CaseKind.COMPLAINT,
                    "Bencana",
                    "bpbd"),
            new NewRule(
                    "Lampu jalan",
                    "lampu jalan,pju,lampu mati,lampu penerangan",
                    CaseKind.COMPLAINT,
                    "Lampu jalan",
                    "dishub"),
            new NewRule(
                    "Jalan dan jembatan rusak",
                    "jalan rusak,jalan amblas,jalan berlubang,lubang,aspal,jembatan,gorong gorong,drainase,selokan",
                    CaseKind.COMPLAINT,
                    "Jalan",
                    "dpupr"),
            new NewRule("Sampah", "sampah,tps,bau,limbah", CaseKind.COMPLAINT, "Sampah", "dlh"),
            new NewRule(
                    "Air bersih",
                    "air mati,air pdam,air keruh,meteran,tagihan air",
                    CaseKind.COMPLAINT,
                    "Air bersih",
                    "pdam"),
            new NewRule(
                    "KTP, KK, dan akta",
                    "ktp,kartu keluarga,kk,akta,kia,disdukcapil,dukcapil",
                    CaseKind.COMPLAINT,
                    "Kependudukan",
                    "dukcapil"),
            new NewRule(
                    "Puskesmas dan BPJS",
                    "puskesmas,bpjs,imunisasi,ambulans,rsud",
                    CaseKind.COMPLAINT,
                    "Kesehatan",
                    "dinkes"),
            new NewRule(
                    "Bantuan sosial",
                    "bansos,bantuan sosial,pkh,blt,sembako",
                    CaseKind.COMPLAINT,
                    "Bantuan sosial",
                    "dinsos"),
            new NewRule(
                    "Sekolah dan beasiswa",
                    "sekolah,beasiswa,guru,ppdb,seragam",
                    CaseKind.COMPLAINT,
                    "Pendidikan",
                    "disdik"),
            new NewRule(
                    "Parkir dan angkutan", "parkir,angkot,terminal,macet", CaseKind.COMPLAINT, "Perhubungan", "dishub"),
            new NewRule(
                    "Ketertiban",
                    "balap liar,pedagang kaki lima,pkl,bising,karaoke",
                    CaseKind.COMPLAINT,
                    "Ketertiban",
                    "satpolpp"),
            new NewRule("Izin usaha", "izin usaha,nib,imb,pbg", CaseKind.COMPLAINT, "Perizinan", "dpmptsp"),
            new NewRule(
                    "Usulan warga",
                    "usul,usulan,saran,sebaiknya,mengusulkan",
                    CaseKind.ASPIRATION,
                    "Usulan",
                    "diskominfo"),
            new NewRule(
                    "Permintaan dokumen",
                    "salinan,dokumen,anggaran,laporan keuangan,data",
                    CaseKind.INFORMATION_REQUEST,
                    "Informasi publik",
                    "diskominfo"));

    static final List<String[]> CANNED = List.of(
            new String[] {
                "Sudah diteruskan",
                "Terima kasih, laporan {nomor} sudah kami teruskan ke {dinas}. Kami kabari paling lambat {batas}."
            },
            new String[] {
                "Minta lokasi",
                "Terima kasih. Mohon sebutkan nama jalan, desa, atau patokan terdekat supaya petugas dapat menuju lokasi."
            },
            new String[] {
                "Jam buka layanan", "Loket buka Senin sampai Jumat pukul 07.30–15.30 WIB. Silakan membawa KTP asli."
            },
            new String[] {"Terima kasih", "Terima kasih atas masukan Anda. Kami sampaikan kepada petugas yang bertugas."
            });

    /** Thirty-two villages in eight districts around an imaginary town in the Java Sea, where nobody lives. */
    static List<District> districts() {
        var names = List.of("Melati", "Kenanga", "Anggrek", "Cempaka", "Dahlia", "Flamboyan", "Mawar", "Teratai");
        var villages = List.of("Sukarame", "Karangasri", "Tirtamulya", "Wanasari");
        var all = new ArrayList<District>();
        for (var d = 0; d < names.size(); d++) {
            var latitude = -5.40 + 0.07 * (d / 3) + 0.01 * (d % 2);
            var longitude = 110.90 + 0.09 * (d % 3) + 0.012 * (d % 4);
            var code = "99.01.%02d".formatted(d + 1);
            var own = new ArrayList<Village>();
            for (var v = 0; v < villages.size(); v++) {
                own.add(new Village(
                        code + ".%04d".formatted(2001 + v),
                        villages.get(v) + " " + names.get(d),
                        latitude + 0.018 * (v / 2) - 0.009,
                        longitude + 0.022 * (v % 2) - 0.011));
            }
            all.add(new District(code, names.get(d), latitude, longitude, own));
        }
        return all;
    }

    // ---- what people write --------------------------------------------------------------------------------------

    static final List<String> OPENINGS = List.of(
            "Min, ", "Pak/Bu, ", "Mohon dicek, ", "Tolong, ", "Assalamualaikum, ", "Permisi, ", "Selamat pagi, ", "");
    static final List<String> TROUBLES = List.of(
            "jalan rusak di depan pasar makin parah, motor sering jatuh",
            "jalan berlubang dekat jembatan belum ditambal sejak bulan lalu",
            "lampu jalan mati dari simpang tiga sampai balai desa",
            "sampah di TPS pasar tiga hari belum diangkut, baunya sampai rumah",
            "air PDAM keruh sejak kemarin, anak saya gatal-gatal",
            "KTP saya sudah dua bulan belum jadi",
            "akta kelahiran anak saya salah nama, bagaimana memperbaikinya",
            "puskesmas tutup sebelum jam dua padahal masih antre",
            "bansos bulan ini belum kami terima, padahal tetangga sudah",
            "gorong-gorong tersumbat, tiap hujan air masuk rumah",
            "pohon tumbang menutup jalan arah sekolah",
            "parkir di depan pasar bikin macet tiap pagi",
            "balap liar tiap malam Minggu di jalan lingkar",
            "atap kelas sekolah bocor, anak-anak belajar di musala",
            "izin usaha saya belum ada kabar sejak berkas lengkap",
            "usul supaya ada penyeberangan di depan rumah sakit",
            "mohon salinan anggaran perbaikan jalan tahun ini",
            "selokan penuh sampah plastik, nyamuknya banyak");
    static final List<String> QUESTIONS = List.of(
            "Loket perekaman buka hari Sabtu tidak?",
            "Jadwal vaksin untuk balita bulan depan kapan ya?",
            "Nomor darurat yang bisa dihubungi malam hari berapa?",
            "Terima kasih, pelayanannya cepat sekali hari ini.",
            "Apakah car free day minggu ini jadi?",
            "Mantap, taman kotanya sekarang bersih.");
    static final List<String> PLACES = List.of(
            "Desa", "RT 02 RW 05", "dekat balai desa", "seberang lapangan", "samping masjid", "sekitar terminal");
    static final List<String> FOLLOW_UPS = List.of(
            "Sudah seminggu belum ada petugas, mohon kabarnya.",
            "Hari ini tambah parah setelah hujan.",
            "Terima kasih infonya, saya tunggu.",
            "Apakah sudah diteruskan ke dinas?",
            "Kemarin ada petugas datang, terima kasih.");
    static final List<String> ANSWERS = List.of(
            "Terima kasih atas laporannya. Petugas sudah ke lokasi hari ini dan perbaikan selesai sore tadi.",
            "Terima kasih. Perbaikan kami jadwalkan pekan ini; pembatas sudah dipasang supaya aman.",
            "Berkas Anda sudah kami temukan dan dapat diambil di loket 3 mulai besok pukul 08.00 WIB dengan membawa KTP.",
            "Mohon maaf atas ketidaknyamanannya. Pengangkutan tertunda karena armada rusak, dan sudah berjalan lagi hari ini.",
            "Usulan Anda kami catat untuk dibahas dalam musyawarah perencanaan tahun depan.");
    static final List<String> GIVEN = List.of(
            "Wati", "Slamet", "Nur", "Yanto", "Lestari", "Darto", "Sri", "Bagus", "Tuti", "Joko", "Ratna", "Eko",
            "Murni", "Agus", "Siti", "Harun");
}
