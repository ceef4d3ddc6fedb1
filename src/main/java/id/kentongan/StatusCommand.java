// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import id.kentongan.database.DataFolder;
import id.kentongan.database.OwnerAccess;
import id.kentongan.database.StartRefusedException;
import id.kentongan.privacy.KeyCustody;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** {@code status}: what the running platform wrote of itself, with the numbers of now. */
final class StatusCommand {
    private StatusCommand() {}

    static int run(List<String> words) {
        var asJson = false;
        var data = "";
        for (var i = 0; i < words.size(); i++) {
            switch (words.get(i)) {
                case "--json" -> asJson = true;
                case "--data" -> data = i + 1 < words.size() ? words.get(++i) : "";
                default -> {
                    System.err.println("kentongan: status does not know '" + words.get(i) + "'");
                    return 2;
                }
            }
        }
        if (data.isEmpty()) {
            System.err.println("kentongan: status needs --data and a folder");
            return 2;
        }
        var folder = new DataFolder(Path.of(data));
        try {
            var json = JsonMapper.builder().build();
            var file = folder.run().resolve("status.json");
            if (!Files.exists(file)) {
                System.err.println("kentongan: nothing runs on " + folder.path());
                return 1;
            }
            @SuppressWarnings("unchecked")
            Map<String, Object> status = json.readValue(Files.readString(file), LinkedHashMap.class);
            var keys = KeyCustody.of(folder);
            status.put("keys", keys);
            var external = String.valueOf(status.get("database")).startsWith("external");
            if (external && ownerUrl().isBlank()) {
                System.err.println("kentongan: it runs on an external database; set KENTONGAN_DATABASE_OWNER_URL as for"
                        + " up, so that the counts can be read");
                return 1;
            }
            status.put("counts", counts(folder, external));
            if (asJson) {
                System.out.println(json.writeValueAsString(status));
            } else {
                Files.readString(folder.run().resolve("where.txt"))
                        .lines()
                        .filter(line -> !line.startsWith(WhereToLook.WARNING))
                        .forEach(System.out::println);
                System.out.println("  Counts     " + status.get("counts"));
                if (!keys.warning().isEmpty()) {
                    System.out.println(WhereToLook.WARNING + keys.warning());
                }
            }
            return 0;
        } catch (IOException | SQLException | StartRefusedException e) {
            System.err.println("kentongan: the status cannot be read: " + e.getMessage());
            return 1;
        }
    }

    private static String ownerUrl() {
        var named = System.getenv("KENTONGAN_DATABASE_OWNER_URL");
        return named == null ? "" : named;
    }

    /** In the owner's role, which sees all tenants: a number is all that leaves. */
    private static Map<String, Long> counts(DataFolder folder, boolean external) throws SQLException, IOException {
        var counts = new LinkedHashMap<String, Long>();
        try (var access = OwnerAccess.ofRunning(folder, external);
                var statement = access.connection().createStatement()) {
            for (var table : List.of("inbox.message", "inbox.conversation", "casework.\"case\"")) {
                var name = table.replaceAll(".*\\.", "").replace("\"", "") + "s";
                try (var row = statement.executeQuery("select count(*) from " + table)) {
                    row.next();
                    counts.put(name, row.getLong(1));
                }
            }
        }
        return counts;
    }
}
