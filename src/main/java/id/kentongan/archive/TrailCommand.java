// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive;

import id.kentongan.database.DataFolder;
import id.kentongan.database.OwnerAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** {@code trail verify}: proves the trail of an installation, running or stopped. */
public final class TrailCommand {
    private static final String HELP = """
            ./kentongan trail verify [--data DIR]

            Recomputes the chain of every tenant's trail and compares it with the signed checkpoints in the database
            and in the data folder. Names the first entry that was changed, removed or reordered.
            Exit code 0: the trail is whole. 1: it is not, or cannot be read. 2: the words are wrong.
            """;

    private TrailCommand() {}

    public static int run(List<String> words, Path defaultData) {
        var data = defaultData;
        if (words.contains("--help") || words.contains("-h")) {
            System.out.print(HELP);
            return 0;
        }
        if (words.isEmpty() || !words.getFirst().equals("verify")) {
            System.err.print("kentongan: trail knows one verb, verify\n" + HELP);
            return 2;
        }
        for (var i = 1; i < words.size(); i++) {
            if (words.get(i).equals("--data") && i + 1 < words.size()) {
                data = Path.of(words.get(++i));
            } else {
                System.err.println("kentongan: trail verify does not know '" + words.get(i) + "'");
                return 2;
            }
        }
        var folder = new DataFolder(data);
        try (var access = OwnerAccess.open(folder)) {
            var findings = new TrailVerifier(
                            access.connection(),
                            folder.checkpoints(),
                            folder.keys().resolve("checkpoint.pub"))
                    .verify();
            var whole = true;
            for (var finding : findings) {
                System.out.printf(
                        "tenant %s: %d entries linked, %d waiting to be linked, %d checkpoints%n",
                        finding.tenant(), finding.linked(), finding.unsealed(), finding.checkpoints());
                if (finding.fault() != null) {
                    whole = false;
                    System.out.println("  NOT WHOLE: " + words(finding.fault()));
                }
            }
            System.out.println(
                    whole
                            ? "The trail is whole: nothing was changed, removed or reordered."
                            : "The trail is not whole.");
            return whole ? 0 : 1;
        } catch (SQLException | IOException e) {
            System.err.println("kentongan: the trail cannot be read: " + e.getMessage());
            return 1;
        }
    }

    private static String words(TrailVerifier.Fault fault) {
        var which = fault.entry() == null
                ? "place " + fault.sequence()
                : "entry " + fault.entry() + " at place " + fault.sequence();
        return switch (fault.kind()) {
            case CHANGED -> which + " was changed after it was linked";
            case REMOVED -> which + " was removed";
            case REORDERED ->
                which + " does not follow the one before it: the order was changed or the chain rewritten";
            case ADDED -> which + " stands outside the chain: its link was removed, or it was put in past the trail";
            case CHECKPOINT_MISMATCH -> "the chain differs from the signed checkpoint at " + which;
            case CHECKPOINT_SIGNATURE ->
                "the checkpoint at " + which + " carries no valid signature of this installation";
            case CHECKPOINT_GARBLED ->
                "line " + fault.sequence()
                        + " of the tenant's file of checkpoints is no checkpoint: it was changed or cut";
            case CHECKPOINT_MISSING ->
                "the checkpoint at " + which + " is in the database and missing in the file outside it: lines or the"
                        + " whole file were removed";
            case TAIL_CUT -> "the chain ends before a signed checkpoint: everything from " + which + " on was cut off";
        };
    }
}
