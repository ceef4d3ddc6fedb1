// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.SealedFiles;
import id.kentongan.privacy.spi.FileHolder;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The large raw deliveries, which lie in files of the data folder instead of their rows. */
@Component
class DeliveryFiles implements FileHolder {
    private static final Logger log = LoggerFactory.getLogger(DeliveryFiles.class);
    /** What is larger lies in a file: more than almost any message, less than any picture. */
    static final int LARGEST_IN_ROW = 64 * 1024;

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final SealedFiles files;

    DeliveryFiles(ActorTransactions transactions, JdbcClient jdbc, SealedFiles files) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.files = files;
    }

    /** On the disk when it returns. What no row comes to name is swept like every other file that is left over. */
    String keep(Actor machine, byte[] packed) {
        return transactions.read(machine, () -> files.storeForTenant(machine, packed));
    }

    byte[] read(Actor machine, String name) throws UnreadableDelivery {
        try {
            return transactions
                    .read(machine, () -> files.readForTenant(machine, name))
                    .orElseThrow(() -> new UnreadableDelivery("file-missing", false));
        } catch (UncheckedIOException e) {
            log.warn("A large delivery cannot be read from the disk", e);
            throw new UnreadableDelivery("file-unreadable", true);
        }
    }

    /** Once the row that named it is committed without it. What cannot be removed now is swept later. */
    void removeAfterCommit(Actor machine, Collection<String> names) {
        if (!names.isEmpty()) {
            transactions.afterCommit(() -> names.forEach(name -> remove(machine, name)));
        }
    }

    void remove(Actor machine, String name) {
        try {
            files.removeForTenant(machine, name);
        } catch (UncheckedIOException e) {
            log.warn("A forgotten delivery's file cannot be removed now; it is swept later", e);
        }
    }

    @Override
    public Set<String> named(Actor actor, Collection<String> names) {
        return transactions.read(
                Machine.of(actor),
                () -> Set.copyOf(jdbc.sql("select file_name from channel.delivery where file_name = any(?)")
                        .param(names.toArray(String[]::new))
                        .query(String.class)
                        .list()));
    }
}
