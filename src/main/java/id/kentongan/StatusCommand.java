// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import id.kentongan.channel.Network;
import id.kentongan.database.DataFolder;
import id.kentongan.database.OwnerAccess;
import id.kentongan.database.StartRefusedException;
import id.kentongan.privacy.KeyCustody;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
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
            status.put("keys", KeyCustody.of(folder));
            var external = String.valueOf(status.get("database")).startsWith("external");
            if (external && ownerUrl().isBlank()) {
                System.err.println("kentongan: it runs on an external database; set KENTONGAN_DATABASE_OWNER_URL as for"
                        + " up, so that the counts can be read");
                return 1;
            }
            ask(folder, external, status);
            System.out.println(
                    asJson
                            ? json.writeValueAsString(status)
                            : WhereToLook.words(status).stripTrailing());
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

    /** In the owner's role, which sees all tenants: numbers, and the public names of accounts, are all that leaves. */
    private static void ask(DataFolder folder, boolean external, Map<String, Object> status)
            throws SQLException, IOException {
        try (var access = OwnerAccess.ofRunning(folder, external);
                var statement = access.connection().createStatement()) {
            status.put("fediverse", handles(statement, Network.ACTIVITYPUB));
            status.put(
                    "mail",
                    handles(statement, Network.EMAIL).stream().findFirst().orElse(""));
            var counts = new LinkedHashMap<String, Long>();
            for (var table : List.of("inbox.message", "inbox.conversation", "casework.\"case\"")) {
                var name = table.replaceAll(".*\\.", "").replace("\"", "") + "s";
                try (var row = statement.executeQuery("select count(*) from " + table)) {
                    row.next();
                    counts.put(name, row.getLong(1));
                }
            }
            status.put("counts", counts);
        }
    }

    /** Of every account, the one that was there first first. */
    private static List<String> handles(Statement statement, Network network) throws SQLException {
        var handles = new ArrayList<String>();
        try (var row = statement.executeQuery("select handle from channel.account where network = '" + network.code()
                + "' order by created_at, id")) {
            while (row.next()) {
                handles.add(row.getString(1));
            }
        }
        return handles;
    }
}
