// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How an entry of the trail and its link are hashed: SHA-256 over length-prefixed fields in a fixed order. The
 * format is part of the archive's promise and never changes; a new one gets a new leading byte.
 */
public final class EntryHash {
    private static final byte FORMAT = 1;
    /** What the first link of a chain follows. */
    public static final byte[] GENESIS = new byte[32];

    private EntryHash() {}

    /** @param at to the microsecond, as the database keeps it */
    public static byte[] of(
            UUID tenant,
            UUID id,
            Instant at,
            String actorKind,
            UUID actor,
            String actorName,
            String verb,
            String subjectKind,
            UUID subjectId,
            String facts,
            byte @Nullable [] commitment) {
        var digest = sha256();
        digest.update(FORMAT);
        add(digest, tenant.toString());
        add(digest, id.toString());
        add(digest, Long.toString(at.getEpochSecond() * 1_000_000 + at.getNano() / 1000));
        add(digest, actorKind);
        add(digest, actor.toString());
        add(digest, actorName);
        add(digest, verb);
        add(digest, subjectKind);
        add(digest, subjectId.toString());
        add(digest, facts);
        add(digest, commitment == null ? new byte[0] : commitment);
        return digest.digest();
    }

    /** The hash of a row of {@code archive.entry}, by its column names. */
    public static byte[] of(ResultSet row) throws SQLException {
        return of(
                row.getObject("tenant_id", UUID.class),
                row.getObject("id", UUID.class),
                row.getTimestamp("at").toInstant(),
                row.getString("actor_kind"),
                row.getObject("actor", UUID.class),
                row.getString("actor_name"),
                row.getString("verb"),
                row.getString("subject_kind"),
                row.getObject("subject_id", UUID.class),
                row.getString("facts"),
                row.getBytes("commitment"));
    }

    /** The link's hash: the link before it, its own place, its entry. */
    public static byte[] chain(byte[] previous, long sequence, byte[] entryHash) {
        var digest = sha256();
        digest.update(FORMAT);
        digest.update(previous);
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(sequence).array());
        digest.update(entryHash);
        return digest.digest();
    }

    /** What a checkpoint's signature covers. */
    public static byte[] checkpoint(UUID tenant, long sequence, byte[] chainHash) {
        var digest = sha256();
        digest.update(FORMAT);
        add(digest, tenant.toString());
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(sequence).array());
        digest.update(chainHash);
        return digest.digest();
    }

    private static void add(MessageDigest digest, String field) {
        add(digest, field.getBytes(StandardCharsets.UTF_8));
    }

    private static void add(MessageDigest digest, byte[] field) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(field.length).array());
        digest.update(field);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
