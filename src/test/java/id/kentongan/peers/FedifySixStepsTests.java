// SPDX-License-Identifier: Apache-2.0
package id.kentongan.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With Fedify: signs by RFC 9421 first, and answers 401 to what is wrongly signed. */
class FedifySixStepsTests extends AbstractSixStepsTests {
    private static FedifyServer server;

    @BeforeAll
    static void startServer() throws IOException {
        // Never left out in silence: these tests run only when they are asked for.
        assertThat(FedifyServer.isFetched())
                .as("Fedify is not fetched: run ./kentongan test peers")
                .isTrue();
        server = FedifyServer.start("rfc9421");
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    CitizensServer server() {
        return server;
    }

    @Test
    void aServerThatSignsTheOlderWayIsHeardToo() throws IOException {
        try (var older = FedifyServer.start("cavage")) {
            var mark = Regency.unique();
            older.say("wayan", "Jalan rusak " + mark, regency().actor(), null, false);
            assertThat(regency().conversation(mark)).isNotNull();
        }
    }
}
