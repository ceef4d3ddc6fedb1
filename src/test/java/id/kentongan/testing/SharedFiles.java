// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Published vectors and recorded documents that are not part of the project, because their licences differ.
 * Looked for in the folder named by the system property {@code kentongan.shared} or the environment variable
 * {@code KENTONGAN_SHARED}, else in {@code ../shared}; without it the tests that want them say so and pass.
 */
public final class SharedFiles {
    private SharedFiles() {}

    /** The file or folder below the shared folder, or nothing after a printed line saying what is left out. */
    public static Optional<Path> find(String relative) {
        var named = System.getProperty("kentongan.shared", System.getenv("KENTONGAN_SHARED"));
        var folder = named != null ? Path.of(named) : Path.of("..", "shared");
        var wanted = folder.resolve(relative).toAbsolutePath().normalize();
        if (Files.exists(wanted)) {
            return Optional.of(wanted);
        }
        System.out.println("Left out, because it is not on this machine: " + relative
                + " (set KENTONGAN_SHARED to the folder that has it)");
        return Optional.empty();
    }
}
