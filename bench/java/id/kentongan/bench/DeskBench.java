// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import id.kentongan.database.DataFolder;
import id.kentongan.database.OwnerAccess;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** An officer's pages and the portal's home with a year of two regencies in the database, and with a hundredth of it. */
final class DeskBench {
    private static final int MESSAGES = 1_000_000;
    private static final int CASES = 100_000;
    private static final int SMALL = 100;
    private static final int ASKED = 400;
    private static final Pattern MORE = Pattern.compile("(?:href|hx-get)=\"(/desk[^\"]*sesudah=[^\"]*)\"");
    private static final Pattern NUMBER = Pattern.compile("KTG-\\d{4}-\\d{6}");
    private static final Pattern ASSET =
            Pattern.compile("<(?:link|script|img|source)\\b[^>]*?(?:href|src)=\"(/[^\"]+)\"[^>]*>");
    private static final Pattern IN_STYLE = Pattern.compile("url\\([\"']?(/[^\"')]+|[^\"'):]+)[\"']?\\)");

    private final Options options;
    private final Path folder;

    DeskBench(Options options, Path folder) {
        this.options = options;
        this.folder = folder;
    }

    /** The three pages' times in milliseconds, by figure. */
    private record Measured(
            Map<String, Double> pages,
            double startSeconds,
            double restMegabytes,
            double homeKilobytes,
            long messages,
            long cases) {}

    void run(Figures figures) throws IOException, SQLException, InterruptedException {
        var messages = options.scaled(MESSAGES, 2000);
        var cases = options.scaled(CASES, 200);
        var small =
                measure(folder.resolve("desk-small"), Math.max(1000, messages / SMALL), Math.max(100, cases / SMALL));
        var large = measure(folder.resolve("desk"), messages, cases);
        large.pages().forEach((page, millis) -> figures.below(page, millis, "ms", 50));
        var growth = 1.0;
        for (var page : large.pages().keySet()) {
            var grown = large.pages().get(page) / small.pages().get(page);
            figures.note(page.replace("_p95_ms", "_small_ms"), small.pages().get(page), "ms");
            if (large.pages().get(page) > 10) {
                growth = Math.max(growth, grown);
            }
        }
        figures.atMost("growth", growth, "", 1.5);
        figures.below("start_s", large.startSeconds(), "s", 10);
        figures.below("rest_mb", large.restMegabytes(), "MB", 600);
        figures.below("portal_home_kb", large.homeKilobytes(), "kB", 100);
        figures.note("messages", large.messages(), "");
        figures.note("cases", large.cases(), "");
        if (options.data().isEmpty()) {
            Scratch.remove(folder.resolve("desk-small"));
            Scratch.remove(folder.resolve("desk"));
        }
    }

    private Measured measure(Path data, int messages, int cases)
            throws IOException, SQLException, InterruptedException {
        new Filling(data, messages, cases, options.seed()).fill();
        var port = Platform.freePort();
        try (var platform = Platform.start(data, port)) {
            var visitor = new Visitor(port, Filling.HOST);
            visitor.signIn(Regency.MAIL, Regency.PASSWORD);
            List<String> agencies;
            long there;
            long opened;
            try (var owner = OwnerAccess.open(new DataFolder(data));
                    var rows = owner.connection()
                            .prepareStatement("""
                                    select a.id
                                    from identity.agency a
                                    join identity.tenant t on t.tenant_id = a.tenant_id
                                    where t.host = '%s'
                                    order by a.id
                                    limit 3
                                    """.formatted(Filling.HOST))
                            .executeQuery()) {
                there = Filling.number(owner.connection(), "select count(*) from inbox.message");
                opened = Filling.number(owner.connection(), "select count(*) from casework.case");
                agencies = new ArrayList<>();
                while (rows.next()) {
                    agencies.add(rows.getString(1));
                }
            }
            var pages = new LinkedHashMap<String, List<String>>();
            pages.put("inbox_p95_ms", withFollowing(visitor, inbox(agencies)));
            pages.put("search_p95_ms", withFollowing(visitor, searches(visitor)));
            pages.put("case_list_p95_ms", withFollowing(visitor, caseLists(agencies)));
            var times = new LinkedHashMap<String, Double>();
            for (var page : pages.entrySet()) {
                times.put(page.getKey(), percentile(visitor, page.getValue()));
            }
            var home = home(new Visitor(port, Filling.HOST));
            Thread.sleep((long) (1000 * Math.max(2, Math.min(30, 30 * options.scale()))));
            return new Measured(times, platform.startSeconds(), platform.residentMegabytes(), home, there, opened);
        }
    }

    private static List<String> inbox(List<String> agencies) {
        var all = new ArrayList<>(List.of(
                "/desk",
                "/desk?kotak=belum-dijawab",
                "/desk?kotak=tanpa-tuan",
                "/desk?kotak=milik",
                "/desk?kotak=terlambat",
                "/desk?kotak=selesai",
                "/desk?kotak=semua",
                "/desk?kanal=activitypub",
                "/desk?jenis=complaint",
                "/desk?kotak=semua&jenis=complaint"));
        agencies.forEach(each -> all.add("/desk?dinas=" + each));
        return all;
    }

    /** Words that are in every tenth message and in one of thousands, alone and together; a number, a handle. */
    private static List<String> searches(Visitor visitor) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(
                "jalan",
                "petugas",
                "terima kasih",
                "jalan berlubang",
                "lampu jalan mati",
                "sampah menumpuk",
                "KTP elektronik",
                "tidakadadimanapun"));
        for (var rank : List.of(1, 2, 5, 20, 100, 500, 1500)) {
            words.add(Words.place(rank));
            words.add("selokan " + Words.place(rank));
        }
        var number = NUMBER.matcher(visitor.get("/desk/kasus").text());
        if (number.find()) {
            words.add(number.group());
        }
        words.add(Filling.handle(7));
        return words.stream()
                .map(each -> "/desk/cari?q=" + URLEncoder.encode(each, StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> caseLists(List<String> agencies) {
        var all = new ArrayList<>(List.of(
                "/desk/kasus",
                "/desk/kasus?keadaan=semua",
                "/desk/kasus?keadaan=received",
                "/desk/kasus?keadaan=closed",
                "/desk/kasus?terlambat=ya",
                "/desk/kasus?jenis=complaint"));
        agencies.forEach(each -> all.add("/desk/kasus?dinas=" + each));
        agencies.forEach(each -> all.add("/desk/kasus?keadaan=semua&dinas=" + each));
        return all;
    }

    /** Each address with what follows it, two pages on. */
    private static List<String> withFollowing(Visitor visitor, List<String> addresses)
            throws IOException, InterruptedException {
        var all = new ArrayList<String>();
        for (var address : addresses) {
            var next = address;
            for (var page = 0; page < 3 && next != null; page++) {
                all.add(next);
                var answer = visitor.get(next);
                if (answer.status() != 200) {
                    throw new IOException(next + " was answered with " + answer.status());
                }
                // Not the links to the same page in the other language.
                next = MORE.matcher(answer.text())
                        .results()
                        .map(each -> each.group(1).replace("&amp;", "&"))
                        .filter(each -> !each.contains("lang="))
                        .findFirst()
                        .orElse(null);
            }
        }
        return all;
    }

    /** Asks in turn, once over unmeasured so that the compiler has seen it, and returns the 95th percentile. */
    private double percentile(Visitor visitor, List<String> addresses) throws IOException, InterruptedException {
        var asked = options.scaled(ASKED, Math.min(ASKED, addresses.size()));
        for (var n = 0; n < asked; n++) {
            visitor.get(addresses.get(n % addresses.size()));
        }
        var times = new double[asked];
        var slowest = new LinkedHashMap<String, Double>();
        for (var n = 0; n < asked; n++) {
            var address = addresses.get(n % addresses.size());
            times[n] = visitor.get(address).millis();
            slowest.merge(address, times[n], Math::max);
        }
        Arrays.sort(times);
        if (Boolean.getBoolean("kentongan.bench.slowest")) {
            slowest.entrySet().stream()
                    .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                    .limit(8)
                    .forEach(each -> Figures.progress(Math.round(each.getValue()) + " ms " + each.getKey()));
        }
        return times[(int) Math.ceil(asked * 0.95) - 1];
    }

    /** The home page and everything it makes a browser fetch, compressed, headers included. */
    private static double home(Visitor visitor) throws IOException, InterruptedException {
        var page = visitor.get("/");
        var bytes = page.bytes();
        var assets = new LinkedHashSet<String>();
        var found = ASSET.matcher(page.text());
        while (found.find()) {
            if (!found.group().contains("rel=\"alternate\"") && !found.group().contains("rel=\"canonical\"")) {
                assets.add(found.group(1));
            }
        }
        for (var address : List.copyOf(assets)) {
            var asset = visitor.get(address);
            bytes += asset.bytes();
            if (address.contains(".css")) {
                var inside = IN_STYLE.matcher(asset.text());
                while (inside.find()) {
                    if (!inside.group(1).startsWith("data:") && !assets.contains(inside.group(1))) {
                        var path = inside.group(1).startsWith("/")
                                ? inside.group(1)
                                : address.substring(0, address.lastIndexOf('/') + 1) + inside.group(1);
                        assets.add(inside.group(1));
                        bytes += visitor.get(path).bytes();
                    }
                }
            }
        }
        return bytes / 1000.0;
    }
}
