// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import id.kentongan.database.DataFolder;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.privacy.KeyCustody;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/**
 * Tells the launcher that the platform is ready and where to look: files in the data folder's {@code run}, gone
 * again when the platform stops.
 */
@Component
class WhereToLook {
    private static final Logger log = LoggerFactory.getLogger(WhereToLook.class);

    private final DataFolder folder;
    private final DatabaseRoles database;
    private final Environment environment;
    private final PublicSettings settings;
    private final ObjectProvider<BuildProperties> build;
    private final List<StatusContributor> contributors;
    private final ObjectMapper json;
    /** An administrative verb closes too, beside the platform that wrote these files. */
    private volatile boolean told;

    WhereToLook(
            DataFolder folder,
            DatabaseRoles database,
            Environment environment,
            PublicSettings settings,
            ObjectProvider<BuildProperties> build,
            List<StatusContributor> contributors,
            ObjectMapper json) {
        this.folder = folder;
        this.database = database;
        this.environment = environment;
        this.settings = settings;
        this.build = build;
        this.contributors = contributors;
        this.json = json;
    }

    @EventListener
    void on(ApplicationReadyEvent event) throws IOException {
        if (!(event.getApplicationContext() instanceof WebServerApplicationContext web) || web.getWebServer() == null) {
            return;
        }
        var address = environment.getProperty("server.address", "127.0.0.1");
        var publicUrl = settings.publicUrl();
        var base = publicUrl.isBlank()
                ? "http://" + address + ":" + web.getWebServer().getPort()
                : publicUrl;
        var status = new LinkedHashMap<String, Object>();
        status.put("portal", base + "/");
        status.put("desk", base + "/desk");
        status.put("fediverse", new ArrayList<String>());
        status.put("mail", "");
        status.put("signIns", new ArrayList<Map<String, String>>());
        status.put("database", (database.embedded() ? "embedded " : "external ") + database.applicationUrl());
        status.put(
                "version",
                build.stream().map(BuildProperties::getVersion).findFirst().orElse("development"));
        status.put("keys", KeyCustody.of(folder));
        contributors.forEach(contributor -> contributor.contribute(status));
        write("status.json", json.writeValueAsString(status));
        write("where.txt", words(status));
        told = true;
        var pid = Long.toString(ProcessHandle.current().pid());
        write("kentongan.pid", pid);
        write("ready", pid);
        log.info("Ready.\n{}", words(status));
    }

    @EventListener
    void on(ContextClosedEvent event) throws IOException {
        if (!told) {
            return;
        }
        for (var name : List.of("ready", "kentongan.pid", "status.json")) {
            Files.deleteIfExists(folder.run().resolve(name));
        }
    }

    /** For people; {@code status} asks anew what may have changed since. */
    static String words(Map<String, Object> status) {
        var text = new StringBuilder("Kentongan is ready.\n");
        text.append("  Portal     ").append(status.get("portal")).append('\n');
        text.append("  Desk       ").append(status.get("desk")).append('\n');
        if (status.get("fediverse") instanceof List<?> accounts && !accounts.isEmpty()) {
            text.append("  Fediverse  ");
            text.append(String.join(
                            ", ", accounts.stream().map(Object::toString).toList()))
                    .append('\n');
        }
        if (status.get("mail") instanceof String mail && !mail.isEmpty()) {
            text.append("  Mail       ").append(mail).append('\n');
        }
        if (status.get("signIns") instanceof List<?> signIns && !signIns.isEmpty()) {
            text.append("  Sign-ins of the demonstration regency (imaginary people):\n");
            for (var each : signIns) {
                if (each instanceof Map<?, ?> signIn) {
                    text.append("    ").append(signIn.get("role")).append(": ").append(signIn.get("mail"));
                    text.append("  password ").append(signIn.get("password")).append('\n');
                }
            }
        }
        if (status.get("counts") instanceof Map<?, ?> counts) {
            text.append("  Counts     ").append(counts).append('\n');
        }
        if (status.get("keys") instanceof KeyCustody keys && !keys.warning().isEmpty()) {
            text.append("  WARNING    ").append(keys.warning()).append('\n');
        }
        return text.toString();
    }

    /** Written beside and moved over, so that a reader never sees half a file. */
    private void write(String name, String text) throws IOException {
        Path half = Files.writeString(folder.run().resolve(name + ".half"), text);
        Files.move(
                half, folder.run().resolve(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
