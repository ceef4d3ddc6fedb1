// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Proves a trail from the rows themselves, without the application: recomputes every entry's hash and the chain,
 * compares it with the checkpoints in the database and in the files outside it, and names the first entry that was
 * changed, removed or reordered. Streams; needs a connection that sees every row (the owner's).
 */
public final class TrailVerifier {
    private final Connection connection;
    private final Path checkpoints;
    private final PublicKey key;

    /**
     * @param checkpoints folder of the checkpoint files
     * @param publicKey file of the checkpoint key's public half
     */
    public TrailVerifier(Connection connection, Path checkpoints, Path publicKey) throws IOException {
        this.connection = connection;
        this.checkpoints = checkpoints;
        try {
            this.key = KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder()
                            .decode(Files.readString(publicKey).strip())));
        } catch (GeneralSecurityException e) {
            throw new IOException("The public checkpoint key " + publicKey + " is damaged", e);
        }
    }

    /**
     * What was found for one tenant.
     *
     * @param linked entries in the chain
     * @param unsealed entries not linked yet: the tail that no chain protects for its two seconds
     * @param fault the first thing that is wrong, or null
     */
    public record Finding(
            UUID tenant,
            long linked,
            long unsealed,
            int checkpoints,
            @Nullable Fault fault) {}

    /** @param entry the entry named, or null when only its place is known */
    public record Fault(Kind kind, long sequence, @Nullable UUID entry) {
        public enum Kind {
            CHANGED,
            REMOVED,
            REORDERED,
            ADDED,
            CHECKPOINT_MISMATCH,
            CHECKPOINT_SIGNATURE,
            /** The file of checkpoints has a line that is none; {@code sequence} is the line's number. */
            CHECKPOINT_GARBLED,
            /** The database has a checkpoint whose line is missing in the file outside it. */
            CHECKPOINT_MISSING,
            TAIL_CUT
        }
    }

    /** Verifies every tenant of the installation. */
    public List<Finding> verify() throws SQLException, IOException {
        var tenants = new ArrayList<UUID>();
        try (var statement = connection.createStatement()) {
            statement.execute("set row_security = off");
            try (var rows = statement.executeQuery(
                    "select tenant_id from archive.entry union select tenant_id from archive.link"
                            + " union select tenant_id from archive.checkpoint order by 1")) {
                while (rows.next()) {
                    tenants.add(rows.getObject(1, UUID.class));
                }
            }
        }
        try (var files = Files.newDirectoryStream(checkpoints, "*.log")) {
            for (var file : files) {
                var tenant = tenantOf(file);
                if (!tenants.contains(tenant)) {
                    tenants.add(tenant);
                }
            }
        }
        var findings = new ArrayList<Finding>();
        for (var tenant : tenants) {
            findings.add(verify(tenant));
        }
        return findings;
    }

    private static UUID tenantOf(Path file) throws IOException {
        try {
            return UUID.fromString(file.getFileName().toString().replace(".log", ""));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is no tenant's file of checkpoints; move it out of that folder", e);
        }
    }

    /** In one snapshot, so that a platform that goes on writing is not taken for one that was tampered with. */
    private Finding verify(UUID tenant) throws SQLException, IOException {
        var autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            try (var statement = connection.createStatement()) {
                statement.execute("set transaction isolation level repeatable read, read only");
            }
            // Lines up to here speak of links the snapshot has; what is appended later may be ahead of it.
            var file = checkpoints.resolve(tenant + ".log");
            var before = Files.exists(file) ? Files.size(file) : 0;
            var unsealed = count(tenant);
            try (var signed = new CheckpointReading(connection, file, before, tenant, key)) {
                return verify(tenant, unsealed, signed);
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
    }

    private Finding verify(UUID tenant, long unsealed, CheckpointReading signed) throws SQLException, IOException {
        long linked = 0;
        byte[] previous = EntryHash.GENESIS;
        @Nullable Fault fault = null;
        try (var statement = connection.prepareStatement("""
                select l.sequence, l.entry_id, l.entry_hash, l.chain_hash, e.*
                from archive.link l
                left join archive.entry e on e.tenant_id = l.tenant_id and e.id = l.entry_id
                where l.tenant_id = ?
                order by l.sequence
                """)) {
            statement.setFetchSize(2000);
            statement.setObject(1, tenant);
            try (var rows = statement.executeQuery()) {
                while (rows.next() && fault == null) {
                    var sequence = rows.getLong("sequence");
                    var entry = rows.getObject("entry_id", UUID.class);
                    fault = faultOf(rows, linked + 1, sequence, entry, previous);
                    if (fault == null) {
                        previous = rows.getBytes("chain_hash");
                        linked = sequence;
                        fault = signed.faultAt(sequence, entry, previous);
                    }
                }
            }
        }
        if (fault == null) {
            fault = signed.faultBeyond(linked);
        }
        if (fault == null) {
            fault = strayEntry(tenant);
        }
        return new Finding(tenant, linked, unsealed, signed.count(), fault);
    }

    private static @Nullable Fault faultOf(ResultSet row, long expected, long sequence, UUID entry, byte[] previous)
            throws SQLException {
        if (sequence != expected) {
            return new Fault(Fault.Kind.REMOVED, expected, null);
        }
        if (row.getObject("id", UUID.class) == null) {
            return new Fault(Fault.Kind.REMOVED, sequence, entry);
        }
        var hash = EntryHash.of(row);
        if (!Arrays.equals(hash, row.getBytes("entry_hash"))) {
            return new Fault(Fault.Kind.CHANGED, sequence, entry);
        }
        if (!Arrays.equals(EntryHash.chain(previous, sequence, hash), row.getBytes("chain_hash"))) {
            return new Fault(Fault.Kind.REORDERED, sequence, entry);
        }
        return null;
    }

    /** An entry that is neither linked nor waiting came in past the sealer's queue, or its link was cut off. */
    private @Nullable Fault strayEntry(UUID tenant) throws SQLException {
        try (var statement = connection.prepareStatement("""
                select e.id
                from archive.entry e
                where e.tenant_id = ?
                and not exists (select 1 from archive.link l where l.tenant_id = e.tenant_id and l.entry_id = e.id)
                and not exists (select 1 from archive.unsealed u where u.tenant_id = e.tenant_id and u.entry_id = e.id)
                order by e.id
                limit 1
                """)) {
            statement.setObject(1, tenant);
            try (var row = statement.executeQuery()) {
                return row.next() ? new Fault(Fault.Kind.ADDED, 0, row.getObject(1, UUID.class)) : null;
            }
        }
    }

    private long count(UUID tenant) throws SQLException {
        try (var statement = connection.prepareStatement("select count(*) from archive.unsealed where tenant_id = ?")) {
            statement.setObject(1, tenant);
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
