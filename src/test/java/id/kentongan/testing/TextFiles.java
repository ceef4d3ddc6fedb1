// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Texts of this project, read where a checked exception is in the way. */
public final class TextFiles {
    private TextFiles() {}

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Properties properties(Path file) {
        var texts = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            texts.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }
}
