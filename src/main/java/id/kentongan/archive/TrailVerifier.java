// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
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
                var tenant = UUID.fromString(file.getFileName().toString().replace(".log", ""));
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

    private record Checkpoint(byte[] chainHash, byte[] signature) {}

    private Finding verify(UUID tenant) throws SQLException, IOException {
        var signed = checkpoints(tenant);
        Fault fault = null;
        for (var each : signed.entrySet()) {
            if (!signatureHolds(tenant, each.getKey(), each.getValue())) {
                fault = new Fault(Fault.Kind.CHECKPOINT_SIGNATURE, each.getKey(), null);
                break;
            }
        }
        long linked = 0;
        byte[] previous = EntryHash.GENESIS;
        var autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
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
                        var checkpoint = signed.get(sequence);
                        if (checkpoint != null && !Arrays.equals(checkpoint.chainHash(), previous)) {
                            fault = new Fault(Fault.Kind.CHECKPOINT_MISMATCH, sequence, entry);
                        }
                    }
                }
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
        if (fault == null && !signed.isEmpty() && signed.lastKey() > linked) {
            fault = new Fault(Fault.Kind.TAIL_CUT, linked + 1, null);
        }
        if (fault == null) {
            fault = strayEntry(tenant);
        }
        return new Finding(tenant, linked, count(tenant), signed.size(), fault);
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

    /** From both places: a file's line overrules the database's row, which whoever changes rows could also change. */
    private TreeMap<Long, Checkpoint> checkpoints(UUID tenant) throws SQLException, IOException {
        var all = new TreeMap<Long, Checkpoint>();
        try (var statement = connection.prepareStatement(
                "select sequence, chain_hash, signature from archive.checkpoint where tenant_id = ?")) {
            statement.setObject(1, tenant);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    all.put(rows.getLong(1), new Checkpoint(rows.getBytes(2), rows.getBytes(3)));
                }
            }
        }
        var file = checkpoints.resolve(tenant + ".log");
        if (Files.exists(file)) {
            for (var line : Files.readAllLines(file)) {
                var parts = line.split(" ");
                if (parts.length == 4) {
                    all.put(
                            Long.parseLong(parts[0]),
                            new Checkpoint(
                                    HexFormat.of().parseHex(parts[1]),
                                    HexFormat.of().parseHex(parts[3])));
                }
            }
        }
        return all;
    }

    private boolean signatureHolds(UUID tenant, long sequence, Checkpoint checkpoint) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(EntryHash.checkpoint(tenant, sequence, checkpoint.chainHash()));
            return signature.verify(checkpoint.signature());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
