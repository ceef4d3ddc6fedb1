// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code backup FILE} and {@code restore FILE}, on an installation that runs or is stopped. */
public final class BackupCommand {
    private static final String BACKUP_HELP = """
            ./kentongan backup FILE [--data DIR]

            Copies the database, the sealed attachments and the trail's checkpoints into one file, while the platform
            runs or is stopped. The keys are not in it: ./kentongan keys export makes a protected copy of them, to be
            kept elsewhere. Exit code 0: done. 1: no backup was made. 2: the words are wrong.
            """;
    private static final String RESTORE_HELP = """
            ./kentongan restore FILE [--data DIR]

            Brings a backup back into an empty data folder (or an empty external database), checking every byte first.
            Stop the platform on that folder first. Then bring in the keys of the original with ./kentongan keys import
            before the first start: without its keys sealed data cannot be read.
            Exit code 0: done. 1: nothing was restored. 2: the words are wrong.
            """;

    private BackupCommand() {}

    public static int backup(List<String> words, Path defaultData) {
        return run("backup", BACKUP_HELP, words, defaultData);
    }

    public static int restore(List<String> words, Path defaultData) {
        return run("restore", RESTORE_HELP, words, defaultData);
    }

    private static int run(String verb, String help, List<String> words, Path defaultData) {
        if (words.contains("--help") || words.contains("-h")) {
            System.out.print(help);
            return 0;
        }
        var data = defaultData;
        @Nullable Path file = null;
        for (var i = 0; i < words.size(); i++) {
            var word = words.get(i);
            if (word.equals("--data") && i + 1 < words.size()) {
                data = Path.of(words.get(++i));
            } else if (!word.startsWith("-") && file == null) {
                file = Path.of(word);
            } else {
                return wrong(verb + " does not know '" + word + "'", help);
            }
        }
        if (file == null) {
            return wrong(verb + " needs a file", help);
        }
        var folder = new DataFolder(data);
        var backup = verb.equals("backup");
        try (var access = backup ? OwnerAccess.open(folder) : OwnerAccess.openOrMake(folder)) {
            var owner = access.connection();
            var result = backup
                    ? new Backup(owner, folder).write(file)
                    : new Restore(owner, folder, OwnerAccess.applicationRole()).read(file);
            System.out.printf(
                    "%s: %d tables, %d rows, %d files%n", file, result.tables(), result.rows(), result.files());
            System.out.println(
                    backup
                            ? "The keys are not in it and sealed data cannot be read without them: export them with"
                                    + " ./kentongan keys export FILE and keep that file elsewhere."
                            : "Restored. Before the first start, bring in the original's keys with ./kentongan keys"
                                    + " import FILE --data " + folder.path() + ".");
            return 0;
        } catch (BackupException | SQLException | IOException | StartRefusedException e) {
            System.err.println("kentongan: " + e.getMessage());
            return 1;
        }
    }

    private static int wrong(String message, String help) {
        System.err.print("kentongan: " + message + "\n" + help);
        return 2;
    }
}
