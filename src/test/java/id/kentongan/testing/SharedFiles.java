// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Published vectors and recorded documents that are not part of the project, because their licences differ.
 * Looked for in the folder named by the system property {@code kentongan.shared} or the environment variable
 * {@code KENTONGAN_SHARED}, else in {@code ../shared}; without it the tests that want them are skipped and say so.
 */
public final class SharedFiles {
    private SharedFiles() {}

    /** The file or folder below the shared folder; without it the test is skipped, with a line that says why. */
    public static Path need(String relative) {
        var named = System.getProperty("kentongan.shared", System.getenv("KENTONGAN_SHARED"));
        var folder = named != null ? Path.of(named) : Path.of("..", "shared");
        var wanted = folder.resolve(relative).toAbsolutePath().normalize();
        assumeTrue(
                Files.exists(wanted),
                relative + " is not on this machine (set KENTONGAN_SHARED to the folder that has it)");
        return wanted;
    }
}
