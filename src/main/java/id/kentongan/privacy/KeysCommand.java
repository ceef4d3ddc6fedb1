// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy;

import id.kentongan.database.DataFolder;
import id.kentongan.database.OwnerAccess;
import id.kentongan.privacy.internal.KeyException;
import id.kentongan.privacy.internal.KeyRotationRequest;
import id.kentongan.privacy.internal.KeyTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code keys export FILE}, {@code keys import FILE}, {@code keys rotate}. */
public final class KeysCommand {
    private static final String PASSPHRASE = "KENTONGAN_KEYS_PASSPHRASE";
    private static final String HELP = """
            ./kentongan keys export FILE [--data DIR]
            ./kentongan keys import FILE [--data DIR]
            ./kentongan keys rotate [--data DIR]

            The keys lie in the data folder, outside the database, and are in no backup. Without them nothing sealed
            can be read: neither the running platform's data nor any backup.

              export FILE  copies the master keys and the checkpoint key into FILE, protected by a passphrase of at
                           least 12 characters. Keep the file apart from the backups, and the passphrase apart from
                           the file. The platform may run.
              import FILE  brings them into a data folder that has no keys yet: before the first start after
                           ./kentongan restore. Keys that are there are never overwritten.
              rotate       makes new keys and wraps all others by them, while the platform runs. Export again after it.

            The passphrase is asked for, or read from the first line of the input, or taken from the environment
            variable KENTONGAN_KEYS_PASSPHRASE; never from the command line, where others could see it.
            Exit code 0: done. 1: it could not be done. 2: the words are wrong.
            """;

    private KeysCommand() {}

    public static int run(List<String> words, Path defaultData) {
        if (words.contains("--help") || words.contains("-h")) {
            System.out.print(HELP);
            return 0;
        }
        var verb = words.isEmpty() ? "" : words.getFirst();
        if (!List.of("export", "import", "rotate").contains(verb)) {
            return wrong("keys knows export, import and rotate" + (verb.isEmpty() ? "" : ", not '" + verb + "'"));
        }
        var data = defaultData;
        @Nullable Path file = null;
        for (var i = 1; i < words.size(); i++) {
            var word = words.get(i);
            if (word.equals("--data") && i + 1 < words.size()) {
                data = Path.of(words.get(++i));
            } else if (!word.startsWith("-") && file == null && !verb.equals("rotate")) {
                file = Path.of(word);
            } else {
                return wrong("keys " + verb + " does not know '" + word + "'");
            }
        }
        try {
            if (verb.equals("rotate")) {
                return rotate(data);
            }
            if (file == null) {
                return wrong("keys " + verb + " needs a file");
            }
            return verb.equals("export") ? export(data, file) : bringIn(data, file);
        } catch (KeyException | SQLException | IOException | RuntimeException e) {
            System.err.println("kentongan: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static int export(Path data, Path file) throws KeyException, IOException {
        var transport = new KeyTransport(existing(data), Clock.systemUTC());
        transport.checkExport(file);
        var passphrase = passphrase("Passphrase for the export: ", true);
        transport.export(file, passphrase);
        Arrays.fill(passphrase, ' ');
        System.out.println("The keys are in " + file + " and can be read with the passphrase only.");
        System.out.println("Keep the file apart from the backups, and the passphrase apart from the file.");
        return 0;
    }

    private static int bringIn(Path data, Path file) throws KeyException, IOException {
        var folder = new DataFolder(data);
        var transport = new KeyTransport(folder, Clock.systemUTC());
        transport.checkImport(file);
        var passphrase = passphrase("Passphrase of the export: ", false);
        var done = transport.bringIn(file, passphrase);
        Arrays.fill(passphrase, ' ');
        System.out.println(
                switch (done) {
                    case FILLED -> "The keys are in " + folder.keys() + ". Start the platform with ./kentongan up.";
                    case SAME -> "These keys are in " + folder.keys() + " already; nothing was changed.";
                });
        return 0;
    }

    private static int rotate(Path data) throws KeyException, SQLException, IOException, InterruptedException {
        var folder = existing(data);
        if (!runs(folder)) {
            throw new KeyException("nothing runs on " + folder.path()
                    + "; keys are rotated while the platform runs. Start it with ./kentongan up and try again");
        }
        try (var access = OwnerAccess.open(folder)) {
            var result = new KeyRotationRequest(access.connection(), folder, Duration.ofSeconds(60)).rotate();
            System.out.printf(
                    "The newest master key is version %d; %d tenants' and %d contacts' keys are in use.%n",
                    result.master(), result.tenants(), result.contacts());
            if (result.left() > 0) {
                System.out.printf(
                        "%d keys are still wrapped by older ones and follow within the hour;"
                                + " the platform's log says so if they cannot.%n",
                        result.left());
            }
            System.out.println("Export the keys again: ./kentongan keys export FILE");
            return 0;
        }
    }

    private static DataFolder existing(Path data) throws KeyException {
        if (!Files.isDirectory(data)) {
            throw new KeyException("there is no installation in "
                    + data.toAbsolutePath().normalize() + "; name its folder with --data");
        }
        return new DataFolder(data);
    }

    private static boolean runs(DataFolder folder) throws IOException {
        var ready = folder.run().resolve("ready");
        return Files.exists(ready)
                && ProcessHandle.of(Long.parseLong(Files.readString(ready).strip()))
                        .isPresent();
    }

    /** From the environment, the terminal (asked twice for a new one), or the first line of the input. */
    private static char[] passphrase(String prompt, boolean twice) throws KeyException, IOException {
        var given = System.getenv(PASSPHRASE);
        if (given != null && !given.isEmpty()) {
            return given.toCharArray();
        }
        var console = System.console();
        if (console != null && console.isTerminal()) {
            var first = console.readPassword("%s", prompt);
            if (twice && first != null && !Arrays.equals(first, console.readPassword("%s", "The same again: "))) {
                throw new KeyException("the two passphrases differ; nothing was written, try again");
            }
            if (first != null && first.length > 0) {
                return first;
            }
        } else {
            var line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            if (line != null && !line.isEmpty()) {
                return line.toCharArray();
            }
        }
        throw new KeyException(
                "no passphrase was given; type it, send it as the first line of the input, or set " + PASSPHRASE);
    }

    private static int wrong(String message) {
        System.err.print("kentongan: " + message + "\n" + HELP);
        return 2;
    }
}
