// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import id.kentongan.database.DataFolder;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Pieces;
import id.kentongan.kernel.TenantId;
import id.kentongan.privacy.spi.FileHolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/**
 * Removes sealed files that no committed row names: a file is written before its row, so a transaction that is rolled
 * back or a process that dies leaves one behind. Only files older than a day, which is longer than any transaction.
 */
@Component
class OrphanedFiles {
    private static final Logger log = LoggerFactory.getLogger(OrphanedFiles.class);
    static final Duration SPARED = Duration.ofDays(1);

    private final DataFolder folder;
    private final List<FileHolder> holders;
    private final Clock clock;

    OrphanedFiles(DataFolder folder, List<FileHolder> holders, Clock clock) {
        this.folder = folder;
        this.holders = List.copyOf(holders);
        this.clock = clock;
    }

    /** Goes through every tenant's files, a folder at a time. Returns how many were removed. */
    int sweep() {
        // Without holders nothing would be named, and everything would go.
        if (holders.isEmpty()) {
            return 0;
        }
        var removed = 0;
        for (var tenant : children(folder.files())) {
            var id = tenantOf(tenant);
            if (id.isPresent()) {
                for (var shelf : Pieces.untilInterrupted(children(tenant))) {
                    removed += sweep(Actor.system(id.get(), "privacy"), tenant, shelf);
                }
            }
        }
        return removed;
    }

    private int sweep(Actor actor, Path root, Path shelf) {
        if (!Files.isDirectory(shelf)) {
            return 0;
        }
        var old = new HashSet<String>();
        for (var file : children(shelf)) {
            if (isOld(file)) {
                old.add(root.relativize(file).toString().replace('\\', '/'));
            }
        }
        if (old.isEmpty()) {
            return 0;
        }
        Set<String> named = new HashSet<>();
        holders.forEach(holder -> named.addAll(holder.named(actor, old)));
        old.removeAll(named);
        old.forEach(name -> delete(root.resolve(name)));
        return old.size();
    }

    private boolean isOld(Path file) {
        try {
            return Files.isRegularFile(file)
                    && Files.getLastModifiedTime(file)
                            .toInstant()
                            .isBefore(clock.instant().minus(SPARED));
        } catch (IOException gone) {
            return false;
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The left-over file " + file + " cannot be removed", e);
        }
    }

    private static List<Path> children(Path folder) {
        try (var files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " cannot be read", e);
        }
    }

    private static Optional<TenantId> tenantOf(Path folder) {
        try {
            return Files.isDirectory(folder)
                    ? Optional.of(
                            new TenantId(UUID.fromString(folder.getFileName().toString())))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Jobs {
        @Bean
        RecurringTask<Void> orphanedFilesTask(OrphanedFiles files) {
            return Tasks.recurring("privacy-orphaned-files", FixedDelay.ofHours(6))
                    .execute((instance, context) -> {
                        var removed = files.sweep();
                        if (removed > 0) {
                            log.info("{} sealed files that no row names were removed", removed);
                        }
                    });
        }
    }
}
