// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation;

import id.kentongan.database.StartRefusedException;
import id.kentongan.operation.internal.OperatorVerbs;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The launcher's verbs for whoever runs the platform: {@code tenant}, {@code region}, {@code import}. Their help is the
 * launcher's, so that it is there without a JDK.
 */
public final class OperatorCommand {
    public static final Set<String> VERBS = OperatorVerbs.NAMES;

    private OperatorCommand() {}

    /**
     * @param application opens the application on a data folder
     * @return 0 done, 1 it could not be done, 2 the words are wrong
     */
    public static int run(
            String verb, List<String> words, Path defaultData, Function<Path, OpenedApplication> application) {
        try {
            return OperatorVerbs.run(verb, words, defaultData, application);
        } catch (StartRefusedException refused) {
            System.err.println("kentongan: " + refused.getMessage());
            return 1;
        }
    }
}
