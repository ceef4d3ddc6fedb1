// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.testing.WrittenDocument;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModule;
import org.springframework.modulith.core.ApplicationModuleIdentifiers;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.core.DependencyType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The documents that are made from the code say what the code says. */
class DocumentsTests {
    private static final ApplicationModules MODULES = ApplicationModules.of(Kentongan.class);

    /** Every module may use these, so an arrow to them tells nothing. */
    private static final Set<String> SHARED = Set.of("kernel", "database");

    /** Read at every start, so that nobody has to look at all classes to know in which order to migrate. */
    @Test
    void theModulesAreListedInTheOrderOfTheirMigrations() {
        WrittenDocument.check(
                Path.of("src/main/resources/META-INF/spring-modulith/application-modules.json"),
                ApplicationModuleIdentifiers.of(MODULES).stream()
                        .map(each -> "  \"" + each + "\": {}")
                        .collect(Collectors.joining(",\n", "{\n", "\n}\n")));
    }

    @Test
    void theConfigurationIsDescribedAsItsRecordsDescribeIt() throws Exception {
        var settings = new TreeMap<String, JsonNode>();
        for (var each : metadata().get("properties")) {
            settings.put(each.get("name").asString(), each);
        }
        settings.keySet().removeIf(name -> !name.startsWith("kentongan."));
        assertThat(settings).isNotEmpty();
        assertThat(settings.values().stream()
                        .filter(each -> each.path("description").asString("").isBlank())
                        .map(each -> each.get("name").asString()))
                .as("settings whose record does not say what they do (@param)")
                .isEmpty();

        var text = new StringBuilder("""
                # Configuration

                Made from the code by `./kentongan docs`: each setting is described where it is declared.

                The launcher's options set what most need (`./kentongan up --help`). The rest is set by environment
                variables, or after `serve` when the application is started without the launcher
                (`java -jar kentongan.jar serve --kentongan.data=…`). Times are written like `10s`, `5m`, `2h`.

                | Setting | Environment variable | Default | What it does |
                |---|---|---|---|
                """);
        settings.forEach((name, each) -> text.append("| `")
                .append(name)
                .append("` | `")
                .append(variable(name))
                .append("` | ")
                .append(byDefault(each))
                .append(" | ")
                .append(each.get("description")
                        .asString()
                        .replaceAll("\\{@\\w+ ([^}]*)}", "`$1`")
                        .replace("|", "\\|")
                        .replaceAll("\\s+", " "))
                .append(" |\n"));
        text.append("""

                Two of Spring Boot's that the launcher sets: `server.address` (`127.0.0.1`) and `server.port` (`8080`),
                where the web server listens. One of the job scheduler's: `db-scheduler.shutdown-max-wait` (`5s`), how long a stop
                lets running jobs go on before it interrupts them; what is left is done at their next run. The defaults of all others are in
                [application.yaml](../src/main/resources/application.yaml).

                Bound to anything but loopback, or with a public address, the platform does not start with
                `kentongan.demo` or `kentongan.federation.loopback-peers`, nor on a folder that holds the demonstration
                regency.
                """);
        WrittenDocument.check(Path.of("docs/configuration.md"), text.toString());
    }

    private static JsonNode metadata() throws IOException, URISyntaxException {
        // This project's own, not those of the libraries, which lie at the same place.
        var classes = Path.of(Kentongan.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return new JsonMapper()
                .readTree(Files.readString(classes.resolve("META-INF/spring-configuration-metadata.json")));
    }

    private static String variable(String setting) {
        return setting.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static String byDefault(JsonNode setting) {
        var value = setting.path("defaultValue").asString("");
        return value.isEmpty() ? "empty" : "`" + value + "`";
    }

    @Test
    void theModulesAreDrawnAsTheyAre() {
        var modules = MODULES.stream()
                .sorted(Comparator.comparing(DocumentsTests::name))
                .toList();
        var text = new StringBuilder("""
                # Modules

                Made from the code by `./kentongan docs`. An arrow means *uses*, a dotted one *hears the events of*.
                Arrows to `kernel` and `database`, which all may use, are left out.

                ```mermaid
                flowchart TD
                """);
        modules.forEach(module -> text.append("    ").append(name(module)).append('\n'));
        for (var module : modules) {
            for (var other : used(module)) {
                text.append("    %s --> %s%n".formatted(name(module), other));
            }
            for (var other : heard(module)) {
                text.append("    %s -.-> %s%n".formatted(name(module), other));
            }
        }
        text.append("""
                ```

                | Module | Uses | Hears the events of |
                |---|---|---|
                """);
        for (var module : modules) {
            text.append("| `%s` | %s | %s |%n".formatted(name(module), words(used(module)), words(heard(module))));
        }
        WrittenDocument.check(Path.of("docs/architecture/modules.md"), text.toString());
    }

    private static String name(ApplicationModule module) {
        return module.getIdentifier().toString();
    }

    private static Set<String> used(ApplicationModule module) {
        return dependencies(module, DependencyType.DEFAULT, DependencyType.USES_COMPONENT, DependencyType.ENTITY);
    }

    private static Set<String> heard(ApplicationModule module) {
        return dependencies(module, DependencyType.EVENT_LISTENER);
    }

    private static Set<String> dependencies(ApplicationModule module, DependencyType... types) {
        return module.getDirectDependencies(MODULES, types).stream()
                .map(dependency -> name(dependency.getTargetModule()))
                .filter(other -> !SHARED.contains(other))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String words(Set<String> names) {
        return names.isEmpty() ? "" : names.stream().collect(Collectors.joining("`, `", "`", "`"));
    }
}
