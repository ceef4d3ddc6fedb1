// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.Regions.District;
import id.kentongan.casework.Regions.Village;
import id.kentongan.kernel.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The imaginary regency as data: agencies, officers, districts, routing rules, canned answers, and its people. */
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

    /** One in every role: those whose sign-ins are shown. */
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

    /** The others, so that somebody answers in every agency. They sign in the same way. */
    static final List<NewDemoOfficer> COLLEAGUES = List.of(
            new NewDemoOfficer(
                    "Dimas Aryo", "dimas@sukamaju.example", "diskominfo", false, Set.of(Role.COMMUNICATION_OFFICER)),
            new NewDemoOfficer(
                    "Maya Kirana", "maya@sukamaju.example", "diskominfo", false, Set.of(Role.COMMUNICATION_OFFICER)),
            liaison("Laila Nuraini", "laila", "diskominfo", false),
            liaison("Ratih Wening", "ratih", "dinkes", false),
            liaison("Gilang Pratama", "gilang", "dinsos", false),
            liaison("Nanik Suharti", "nanik", "disdik", false),
            liaison("Arif Budiono", "arif", "dishub", false),
            liaison("Teguh Samudra", "teguh", "bpbd", false),
            liaison("Mira Anjani", "mira", "pdam", false),
            liaison("Joni Kartika", "joni", "satpolpp", false),
            liaison("Fitri Handoko", "fitri", "dpmptsp", false),
            liaison("Bayu Lesmana", "bayu", "inspektorat", true),
            new NewDemoOfficer("Sinta Dewi", "sinta@sukamaju.example", "diskominfo", false, Set.of(Role.HEAD)));

    private static NewDemoOfficer liaison(String name, String mail, String agency, boolean circle) {
        return new NewDemoOfficer(name, mail + "@sukamaju.example", agency, circle, Set.of(Role.LIAISON_OFFICER));
    }

    /** @param words any of them, parted by a comma */
    record NewRule(
            String title,
            String words,
            @Nullable CaseKind kind,
            @Nullable String category,
            @Nullable String agency) {}

    static final List<NewRule> RULES = List.of(
            new NewRule(
                    "Pertanyaan singkat dijawab dalam percakapan",
                    "jam buka,jam bukana,jam berapa,jadwalnya,kapan jadwal,jadwal gratisnya,berapa biaya,syaratnya,"
                            + "alamatnya,nomor telepon",
                    null,
                    null,
                    null),
            new NewRule(
                    "Pungutan dan penyalahgunaan wewenang",
                    "pungli,pungutan liar,minta uang,suap,korupsi",
                    CaseKind.WHISTLE_BLOWING,
                    "Integritas",
                    "inspektorat"),
            new NewRule(
                    "Perilaku petugas",
                    "oknum,petugas loket,membentak,tidak sopan,perangkat desa,kendaraan dinas",
                    CaseKind.COMPLAINT_SUPERVISED,
                    "Perilaku petugas",
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
                "Terima kasih, laporan {nomor} sudah kami teruskan ke {dinas}. Kami akan memberi kabar paling lambat {batas}."
            },
            new String[] {
                "Minta lokasi",
                "Terima kasih. Mohon sebutkan nama jalan, desa, atau patokan terdekat supaya petugas dapat menuju lokasi."
            },
            new String[] {
                "Jam buka layanan", "Loket buka Senin sampai Jumat pukul 07.30–15.30 WIB. Silakan membawa KTP asli."
            },
            new String[] {
                "Terima kasih", "Terima kasih atas masukan Anda. Kami sampaikan kepada petugas yang berwenang."
            });

    private static final int EACH = 4;

    /** Thirty-two villages in eight districts around an imaginary town in the Java Sea, where nobody lives. */
    static List<District> districts() {
        var names = List.of("Melati", "Kenanga", "Anggrek", "Cempaka", "Dahlia", "Flamboyan", "Mawar", "Teratai");
        var villages = List.of(
                "Sukarame",
                "Karangasri",
                "Tirtamulya",
                "Wanasari",
                "Randubiru",
                "Kalijaring",
                "Tegalwangi",
                "Sumberkapas",
                "Watulayang",
                "Rawakembang",
                "Bendunganyar",
                "Pasirpelita",
                "Kertaloka",
                "Cikembulan",
                "Jatirenggo",
                "Mekarluhur",
                "Gunungsela",
                "Bantarlawas",
                "Pandanrejo",
                "Argatirta",
                "Kedungpitu",
                "Lembahasri",
                "Wringinjajar",
                "Tanjungkencana",
                "Banyuputra",
                "Sidamakmur",
                "Ngadilaya",
                "Purwaseta",
                "Karangkidung",
                "Muaraloka",
                "Sendangrasa",
                "Giriwulan");
        var all = new ArrayList<District>();
        for (var d = 0; d < names.size(); d++) {
            var latitude = -5.40 + 0.07 * (d / 3) + 0.01 * (d % 2);
            var longitude = 110.90 + 0.09 * (d % 3) + 0.012 * (d % 4);
            var code = "99.01.%02d".formatted(d + 1);
            var own = new ArrayList<Village>();
            for (var v = 0; v < EACH; v++) {
                own.add(new Village(
                        code + ".%04d".formatted(2001 + v),
                        villages.get(d * EACH + v),
                        latitude + 0.018 * (v / 2) - 0.009 + 0.005 * Math.sin(7.0 * (d * EACH + v)),
                        longitude + 0.022 * (v % 2) - 0.011 + 0.005 * Math.cos(5.0 * (d * EACH + v))));
            }
            all.add(new District(code, names.get(d), latitude, longitude, own));
        }
        return all;
    }

    // ---- its people ---------------------------------------------------------------------------------------------

    private static final List<String> GIVEN = List.of(
            "Wati", "Slamet", "Nur", "Yanto", "Lestari", "Darto", "Sri", "Bagus", "Tuti", "Joko", "Ratna", "Eko",
            "Murni", "Agus", "Siti", "Harun", "Dewi", "Rudi", "Yuni", "Imam", "Ningsih", "Wahyu", "Endah", "Taufik",
            "Ika", "Suryo", "Maman", "Euis", "Asep", "Neneng", "Bambang", "Rahma", "Fajar", "Lilis", "Dedi", "Umi");
    private static final List<String> FAMILY = List.of(
            "Pramudya",
            "Handayani",
            "Saputra",
            "Wijayanti",
            "Kurniawan",
            "Astuti",
            "Hidayat",
            "Rahayu",
            "Setyawan",
            "Permata",
            "Nugraha",
            "Safitri",
            "Wibisono",
            "Maulida",
            "Prasetyo",
            "Utami",
            "Hakim",
            "Anggraini");
    private static final List<String> HOMES =
            List.of("warga.example", "warga.example", "warga.example", "desa.example", "obrolan.example");

    /** Somebody imaginary. @param given the first name, for the handle */
    record Person(String given, String name) {}

    static Person person(Random random) {
        var given = GIVEN.get(random.nextInt(GIVEN.size()));
        return switch (random.nextInt(4)) {
            case 0 -> new Person(given, given);
            case 1 -> new Person(given, title(given) + given);
            default -> new Person(given, given + " " + FAMILY.get(random.nextInt(FAMILY.size())));
        };
    }

    private static String title(String given) {
        return List.of(
                                "Wati", "Lestari", "Sri", "Tuti", "Ratna", "Murni", "Siti", "Dewi", "Yuni", "Ningsih",
                                "Endah", "Ika", "Euis", "Neneng", "Rahma", "Lilis", "Umi", "Nur")
                        .contains(given)
                ? "Bu "
                : "Pak ";
    }

    /** On names that RFC 2606 keeps from being anybody's. */
    static String handle(Person person, int number) {
        var name = person.given().toLowerCase(Locale.ROOT);
        var form = switch (number % 4) {
            case 0 -> name + "_" + number % 90;
            case 1 -> name + number;
            case 2 -> name + ".rt" + (1 + number % 9);
            default -> "si" + name + number % 77;
        };
        return "@" + form + "@" + HOMES.get(number % HOMES.size());
    }
}
