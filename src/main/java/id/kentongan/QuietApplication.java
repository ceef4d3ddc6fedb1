// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import id.kentongan.database.DataFolder;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.database.OwnerAccess;
import id.kentongan.database.SchemaVersion;
import id.kentongan.database.StartRefusedException;
import id.kentongan.operation.OpenedApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The application for one administrative verb: beans are made when they are asked for, nothing listens, no job runs and
 * no worker starts. It works beside a running platform like another node, on the same database, keys and files, and
 * starts the embedded database for itself when nothing runs.
 */
final class QuietApplication implements OpenedApplication {
    private final DataFolder folder;

    QuietApplication(Path data) {
        this.folder = new DataFolder(data);
    }

    @Override
    public int with(ToIntFunction<BeanFactory> work) {
        if (OwnerAccess.external()
                ? !Files.isDirectory(folder.path().resolve("keys"))
                : !Files.exists(folder.postgres().resolve("PG_VERSION"))) {
            throw new StartRefusedException("there is no installation in " + folder.path()
                    + "; start it once with ./kentongan up --no-demo, or name its folder with --data DIR");
        }
        var application = new SpringApplication(Kentongan.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setLazyInitialization(true);
        application.setLogStartupInfo(false);
        application.setRegisterShutdownHook(true);
        var running = running();
        application.addInitializers(quiet(running));
        try (var context = application.run(settings(running.isPresent()))) {
            return work.applyAsInt(context);
        } catch (RuntimeException failed) {
            throw StartRefusedException.in(failed)
                    .map(RuntimeException.class::cast)
                    .orElse(failed);
        }
    }

    /** As if they stood on the command line, before everything that the environment says. */
    private String[] settings(boolean running) {
        var settings = new LinkedHashMap<String, Object>();
        settings.put("kentongan.data", folder.path());
        settings.put("kentongan.demo", false);
        // What is meant for the web server does not keep an administrative verb from working.
        settings.put("kentongan.public-url", "");
        settings.put("server.address", "127.0.0.1");
        settings.put("db-scheduler.enabled", false);
        settings.put("spring.modulith.events.republish-outstanding-events-on-restart", false);
        settings.put("spring.datasource.hikari.maximum-pool-size", 6);
        settings.put("logging.level.root", "warn");
        if (running || OwnerAccess.external()) {
            // Nobody migrates beneath a platform that runs, and an external database may serve one elsewhere.
            settings.put("spring.flyway.enabled", false);
            settings.put("spring.modulith.runtime.flyway-enabled", false);
        }
        return settings.entrySet().stream()
                .map(each -> "--" + each.getKey() + "=" + each.getValue())
                .toArray(String[]::new);
    }

    private static ApplicationContextInitializer<GenericApplicationContext> quiet(Optional<DatabaseRoles> running) {
        return context -> {
            running.ifPresent(roles -> context.registerBean(DatabaseRoles.class, () -> roles));
            context.registerBean("lifecycleProcessor", DefaultLifecycleProcessor.class, NothingStarts::new);
            // The web server's own is not there; a verb that ends sessions ends them all the same.
            context.registerBean(
                    JdbcIndexedSessionRepository.class,
                    () -> sessions(
                            context.getBean(JdbcOperations.class), context.getBean(PlatformTransactionManager.class)));
        };
    }

    private static JdbcIndexedSessionRepository sessions(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        var sessions = new JdbcIndexedSessionRepository(jdbc, new TransactionTemplate(transactions));
        sessions.setTableName("machinery.spring_session");
        return sessions;
    }

    /** The roles of the embedded database that runs already. A schema of another version is refused. */
    private Optional<DatabaseRoles> running() {
        var roles = OwnerAccess.runningRoles(folder);
        if (roles.isPresent() || OwnerAccess.external()) {
            try (var owner = OwnerAccess.open(folder)) {
                SchemaVersion.refuseOther(owner.connection(), "The database of " + folder.path());
            } catch (SQLException | IOException e) {
                throw new StartRefusedException("the database does not answer: " + e.getMessage(), e);
            }
        }
        return roles;
    }

    /** Workers are started by the platform alone. */
    private static final class NothingStarts extends DefaultLifecycleProcessor {
        @Override
        public void onRefresh() {}

        @Override
        public void start() {}
    }
}
