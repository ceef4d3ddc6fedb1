// SPDX-License-Identifier: Apache-2.0
package id.kentongan.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With Fedify: signs by RFC 9421 first, and answers 401 to what is wrongly signed. */
class FedifySixStepsTests extends AbstractSixStepsTests {
    private static FedifyServer server;

    @BeforeAll
    static void startServer() throws IOException {
        assumeTrue(FedifyServer.isFetched(), "Fedify is not fetched: run ./kentongan test peers");
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
            var mark = "u" + java.util.UUID.randomUUID().toString().substring(0, 8);
            older.say("wayan", "Jalan rusak " + mark, us(), null, false);
            assertThat(conversation(mark)).isNotNull();
        }
    }
}
