// SPDX-License-Identifier: Apache-2.0
package id.kentongan.peers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** With snac2: knows draft-cavage only, and drops in silence what is signed otherwise. */
class SnacSixStepsTests extends AbstractSixStepsTests {
    private static SnacServer server;

    @BeforeAll
    static void startServer() throws IOException {
        if (!SnacServer.isFetched()) {
            System.out.println("Left out: the six steps with snac2, because it is not fetched");
        }
        assumeTrue(SnacServer.isFetched(), "snac2 is not fetched: run ./kentongan test peers");
        server = SnacServer.start();
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
}
