// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import java.util.List;
import java.util.Random;

/**
 * What imaginary citizens write: some sentences open a case by the rules of {@link Regency}, others do not; the names
 * of places follow Zipf's law, so that searches have both frequent and rare words.
 */
final class Words {
    static final List<String> TROUBLES = List.of(
            "jalan berlubang sejak sebulan lalu dan sudah dua kali ada pengendara jatuh",
            "lampu jalan mati total sehingga gelap kalau malam",
            "sampah menumpuk tidak diangkut lebih dari seminggu, baunya sampai ke rumah",
            "air PDAM mati tiga hari tanpa pemberitahuan",
            "selokan mampet, setiap hujan air masuk rumah",
            "pohon tumbang menutup separuh jalan, belum ada petugas",
            "KTP elektronik belum jadi padahal sudah tiga bulan",
            "pungutan liar di loket, diminta uang tanpa tanda terima");
    static final List<String> REMARKS = List.of(
            "terima kasih pelayanannya cepat sekali hari ini",
            "loketnya buka hari Sabtu tidak ya",
            "jadwal vaksin untuk balita bulan depan kapan",
            "semoga acara budaya minggu ini lancar",
            "taman kotanya sekarang bersih dan ramai anak bermain",
            "nomor yang bisa dihubungi malam hari berapa");
    static final List<String> FOLLOW_UPS = List.of(
            "sudah seminggu belum ada petugas, mohon kabarnya",
            "hari ini tambah parah setelah hujan",
            "apakah sudah diteruskan ke dinas terkait",
            "kemarin ada petugas datang, terima kasih");
    private static final String[] FIRST = {
        "Ban", "Ci", "Ka", "Ma", "Nga", "Pa", "Ra", "Su", "Ta", "Wa", "Gu", "Ke", "Le", "Mu", "Pe", "Sa"
    };
    private static final String[] MIDDLE = {"ra", "ndu", "ga", "li", "mbang", "nti", "ro", "sa", "wi", "jo", "ta", "lu"
    };
    private static final String[] LAST = {"ng", "n", "rejo", "sari", "harjo", "mulyo", "jaya", "wangi", "putih", "asri"
    };
    private static final int PLACES = FIRST.length * MIDDLE.length * LAST.length;

    private final Random random;

    Words(Random random) {
        this.random = random;
    }

    String trouble() {
        return any(TROUBLES) + " di " + place() + ", " + place() + " RT " + (1 + random.nextInt(30)) + ".";
    }

    String remark() {
        return "Min, " + any(REMARKS) + ", salam dari " + place() + ".";
    }

    String followUp() {
        return any(FOLLOW_UPS) + " (" + place() + ").";
    }

    private String any(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** The nth place is said about 1/n as often as the first. */
    private String place() {
        return place((int) Math.pow(PLACES, random.nextDouble()));
    }

    static String place(int rank) {
        var n = Math.floorMod(rank * 2654435761L, (long) PLACES);
        return FIRST[(int) (n % FIRST.length)]
                + MIDDLE[(int) (n / FIRST.length % MIDDLE.length)]
                + LAST[(int) (n / FIRST.length / MIDDLE.length)];
    }
}
