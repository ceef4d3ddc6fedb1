// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A document that is made from the code. {@code ./kentongan docs} (system property {@code kentongan.write}) writes it;
 * otherwise the test that makes it fails when it is no longer what the code says.
 */
public final class WrittenDocument {
    private WrittenDocument() {}

    /** Whether documents are written now, and not compared. */
    public static boolean writing() {
        return System.getProperty("kentongan.write") != null;
    }

    public static void check(Path file, String text) {
        try {
            if (writing()) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
            }
            assertThat(file).as(file + " is made by ./kentongan docs").exists();
            assertThat(Files.readString(file))
                    .as(file + " is no longer what the code says; write it anew with ./kentongan docs")
                    .isEqualTo(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
