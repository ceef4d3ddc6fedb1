// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.testing.OnOldestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The same way through the house on the oldest PostgreSQL that may be external. */
@OnOldestDatabase
class SpineOnOldestDatabaseIntegrationTests extends SpineIntegrationTests {
    @Test
    void itIsTheOldest(@Autowired JdbcClient jdbc) {
        assertThat(jdbc.sql("show server_version").query(String.class).single()).startsWith("15.");
    }
}
