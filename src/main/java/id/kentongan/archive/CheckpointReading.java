// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive;

import id.kentongan.archive.TrailVerifier.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's checkpoints, read beside its chain in the same order: the file's lines and the database's rows. Every row
 * must have its line, since whoever changes rows could also change those; a line without its row is what a crash
 * leaves.
 */
final class CheckpointReading implements AutoCloseable {
    private static final int LONGEST_LINE = 1024;

    private final UUID tenant;
    private final PublicKey key;
    private final long known;
    private final @Nullable BufferedReader file;
    private final PreparedStatement statement;
    private final ResultSet rows;
    private @Nullable Checkpoint line;
    private @Nullable Checkpoint row;
    private long offset;
    private int lineNumber;
    private long lastSequence;
    private int count;
    private @Nullable Fault garbled;

    /** @param counts whether the snapshot must hold what is signed here */
    private record Checkpoint(long sequence, byte[] chainHash, byte[] signature, boolean counts) {}

    /** @param known the file's size before the snapshot of the database was taken */
    CheckpointReading(Connection connection, Path file, long known, UUID tenant, PublicKey key)
            throws SQLException, IOException {
        this.tenant = tenant;
        this.key = key;
        this.known = known;
        this.file = Files.exists(file)
                ? new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.ISO_8859_1))
                : null;
        this.statement = connection.prepareStatement("""
                select sequence, chain_hash, signature
                from archive.checkpoint
                where tenant_id = ?
                order by sequence
                """);
        statement.setFetchSize(2000);
        statement.setObject(1, tenant);
        this.rows = statement.executeQuery();
        nextLine();
        nextRow();
    }

    int count() {
        return count;
    }

    /** What is wrong with the checkpoints at this place of the chain. */
    @Nullable
    Fault faultAt(long sequence, UUID entry, byte[] chainHash) throws SQLException, IOException {
        var lined = false;
        while (garbled == null && line != null && line.sequence() == sequence) {
            var fault = faultOf(line, entry, chainHash);
            if (fault != null) {
                return fault;
            }
            lined = true;
            nextLine();
        }
        if (garbled != null) {
            return garbled;
        }
        if (row != null && row.sequence() == sequence) {
            var fault =
                    lined ? faultOf(row, entry, chainHash) : new Fault(Fault.Kind.CHECKPOINT_MISSING, sequence, entry);
            nextRow();
            count++;
            return fault;
        }
        count += lined ? 1 : 0;
        return null;
    }

    /** What is wrong with the checkpoints that lie beyond the chain's end. */
    @Nullable
    Fault faultBeyond(long linked) throws SQLException, IOException {
        while (garbled == null && line != null) {
            if (!signatureHolds(line)) {
                return new Fault(Fault.Kind.CHECKPOINT_SIGNATURE, line.sequence(), null);
            }
            if (line.counts()) {
                return new Fault(Fault.Kind.TAIL_CUT, linked + 1, null);
            }
            nextLine();
        }
        if (garbled != null) {
            return garbled;
        }
        return row == null ? null : new Fault(Fault.Kind.TAIL_CUT, linked + 1, null);
    }

    private @Nullable Fault faultOf(Checkpoint checkpoint, UUID entry, byte[] chainHash) {
        if (!signatureHolds(checkpoint)) {
            return new Fault(Fault.Kind.CHECKPOINT_SIGNATURE, checkpoint.sequence(), null);
        }
        return Arrays.equals(checkpoint.chainHash(), chainHash)
                ? null
                : new Fault(Fault.Kind.CHECKPOINT_MISMATCH, checkpoint.sequence(), entry);
    }

    private void nextLine() throws IOException {
        line = null;
        if (file == null) {
            return;
        }
        var text = new StringBuilder();
        int next;
        while ((next = file.read()) >= 0 && next != '\n' && text.length() <= LONGEST_LINE) {
            text.append((char) next);
        }
        if (next < 0 && text.isEmpty()) {
            return;
        }
        offset += text.length() + (next < 0 ? 0 : 1);
        lineNumber++;
        if (next < 0 && offset > known) {
            // It is being written at this moment.
            return;
        }
        line = next == '\n' ? parsed(text.toString()) : null;
        if (line == null || line.sequence() < lastSequence) {
            line = null;
            garbled = new Fault(Fault.Kind.CHECKPOINT_GARBLED, lineNumber, null);
        } else {
            lastSequence = line.sequence();
        }
    }

    private @Nullable Checkpoint parsed(String text) {
        var parts = text.split(" ", -1);
        if (parts.length != 4) {
            return null;
        }
        try {
            var sequence = Long.parseLong(parts[0]);
            var hex = HexFormat.of();
            return sequence < 1
                    ? null
                    : new Checkpoint(sequence, hex.parseHex(parts[1]), hex.parseHex(parts[3]), offset <= known);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void nextRow() throws SQLException {
        row = rows.next() ? new Checkpoint(rows.getLong(1), rows.getBytes(2), rows.getBytes(3), true) : null;
    }

    private boolean signatureHolds(Checkpoint checkpoint) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(EntryHash.checkpoint(tenant, checkpoint.sequence(), checkpoint.chainHash()));
            return signature.verify(checkpoint.signature());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public void close() throws SQLException, IOException {
        statement.close();
        if (file != null) {
            file.close();
        }
    }
}
