// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import id.kentongan.database.DatabaseRoles;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

@TestConfiguration(proxyBeanMethods = false)
class TestDatabaseConfiguration {
    @Bean
    static OneConnectionAtATime oneConnectionAtATime() {
        return new OneConnectionAtATime();
    }

    @Bean
    static NamedVerbs namedVerbs() {
        return new NamedVerbs();
    }

    @Bean
    DatabaseRoles databaseRoles(@Value("${test.database:embedded}") String which) {
        return which.equals("oldest") ? OldestDatabase.fresh() : TestDatabase.fresh();
    }
}
