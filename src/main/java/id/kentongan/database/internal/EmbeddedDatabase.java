// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import id.kentongan.database.EmbeddedServer;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds the embedded server for the application's life, or nothing when the database is external. */
record EmbeddedDatabase(@Nullable EmbeddedServer maybe) implements AutoCloseable {
    EmbeddedServer server() {
        return Objects.requireNonNull(maybe, "The database is external");
    }

    @Override
    public void close() throws IOException {
        if (maybe != null) {
            maybe.close();
        }
    }
}
