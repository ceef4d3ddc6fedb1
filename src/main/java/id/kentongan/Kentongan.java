// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import id.kentongan.archive.TrailCommand;
import id.kentongan.database.BackupCommand;
import id.kentongan.database.StartRefusedException;
import id.kentongan.operation.OperatorCommand;
import id.kentongan.privacy.KeysCommand;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.modulith.Modulithic;

/**
 * Starts the platform, or runs one of the administrative verbs of the launcher without starting it.
 *
 * <p>Exit codes of a verb: 0 done, 1 it found a problem, 2 the words are wrong.
 */
@Modulithic(
        systemName = "Kentongan",
        sharedModules = {"kernel", "database"})
// Nobody reads measurements of requests and connections, and taking them was a part of every request's work.
@SpringBootApplication(exclude = {ObservationAutoConfiguration.class, MetricsAutoConfiguration.class})
public class Kentongan {
    public static void main(String[] arguments) {
        var verb = arguments.length == 0 ? "serve" : arguments[0];
        if (verb.equals("serve") || verb.startsWith("--")) {
            var rest = verb.equals("serve") && arguments.length > 0
                    ? Arrays.copyOfRange(arguments, 1, arguments.length)
                    : arguments;
            serve(rest);
            return;
        }
        try {
            System.exit(run(verb, List.of(arguments).subList(1, arguments.length)));
        } catch (StartRefusedException refused) {
            System.err.println("kentongan: " + refused.getMessage());
            System.exit(1);
        }
    }

    private static void serve(String[] settings) {
        try {
            SpringApplication.run(Kentongan.class, settings);
        } catch (RuntimeException failed) {
            // The log tells the whole of it; the launcher shows this line.
            var reason = StartRefusedException.in(failed);
            if (reason.isPresent()) {
                System.err.println("kentongan: " + reason.get().getMessage());
            }
            System.exit(1);
        }
    }

    /** Set by the launcher; a folder beside the working folder otherwise. */
    private static Path defaultData() {
        var named = System.getenv("KENTONGAN_DATA");
        return Path.of(named == null || named.isBlank() ? "../kentongan-data" : named);
    }

    private static int run(String verb, List<String> words) {
        // A verb's answer is a few lines; what libraries tell of their progress would bury it.
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.WARN);
        }
        return switch (verb) {
            case "status" -> StatusCommand.run(words);
            case "backup" -> BackupCommand.backup(words, defaultData());
            case "restore" -> BackupCommand.restore(words, defaultData());
            case "keys" -> KeysCommand.run(words, defaultData());
            case "trail" -> TrailCommand.run(words, defaultData());
            default -> {
                if (OperatorCommand.VERBS.contains(verb)) {
                    yield OperatorCommand.run(verb, words, defaultData(), QuietApplication::new);
                }
                System.err.println("kentongan: there is no verb '" + verb + "'; see ./kentongan --help");
                yield 2;
            }
        };
    }
}
