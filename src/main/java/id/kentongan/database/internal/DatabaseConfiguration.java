// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import id.kentongan.database.DataFolder;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.database.EmbeddedServer;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseSettings.class)
class DatabaseConfiguration {
    @Bean
    DataFolder dataFolder(DatabaseSettings settings) {
        return new DataFolder(Path.of(settings.data()));
    }

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean(destroyMethod = "close")
    @Lazy
    EmbeddedDatabase embeddedDatabase(DatabaseSettings settings, DataFolder folder) {
        return new EmbeddedDatabase(settings.external() ? null : EmbeddedServer.start(folder));
    }

    @Bean
    @ConditionalOnMissingBean
    DatabaseRoles databaseRoles(DatabaseSettings settings, ObjectProvider<EmbeddedDatabase> embedded) {
        var roles = settings.external()
                ? settings.externalRoles()
                : embedded.getObject().server().roles();
        RoleCheck.refuseUnsafe(roles);
        return roles;
    }

    @Bean
    JdbcConnectionDetails applicationConnection(DatabaseRoles roles) {
        return new JdbcConnectionDetails() {
            @Override
            public String getJdbcUrl() {
                // Rewriting folds a batch of inserts into one statement: several times faster on one connection.
                return roles.applicationUrl()
                        + (roles.applicationUrl().contains("?") ? "&" : "?")
                        + "reWriteBatchedInserts=true&ApplicationName=kentongan&currentSchema=machinery,public";
            }

            @Override
            public String getUsername() {
                return roles.applicationName();
            }

            @Override
            public String getPassword() {
                return roles.applicationPassword();
            }
        };
    }

    @Bean
    FlywayConnectionDetails ownerConnection(DatabaseRoles roles) {
        return new FlywayConnectionDetails() {
            @Override
            public String getJdbcUrl() {
                return roles.ownerUrl();
            }

            @Override
            public String getUsername() {
                return roles.ownerName();
            }

            @Override
            public String getPassword() {
                return roles.ownerPassword();
            }
        };
    }

    /** Bound so, the executor is closed before the database: listeners that run at a stop end their transactions. */
    @Bean
    static BeanFactoryPostProcessor listenersEndBeforeTheDatabase() {
        return factory -> {
            if (factory.containsBeanDefinition("applicationTaskExecutor")) {
                factory.getBeanDefinition("applicationTaskExecutor").setDependsOn("dataSource");
            }
        };
    }

    @Bean
    FlywayConfigurationCustomizer namesTheApplicationRole(DatabaseRoles roles) {
        return configuration -> configuration.placeholders(java.util.Map.of("appRole", roles.applicationName()));
    }
}
