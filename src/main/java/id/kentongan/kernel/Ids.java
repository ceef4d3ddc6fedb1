// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/**
 * Makes UUIDv7 (RFC 9562 5.7) in the application, because an external PostgreSQL may be older than 18.
 *
 * <p>Ids made by one process rise strictly: 48 bits of milliseconds, then a 12-bit counter that starts
 * at a random value each millisecond and borrows from the next millisecond when it is spent.
 */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static long lastMillis;
    private static int counter;

    private Ids() {}

    /** The next id, larger than every id this process made before. */
    public static UUID next() {
        return next(System.currentTimeMillis());
    }

    private static synchronized UUID next(long now) {
        if (now > lastMillis) {
            lastMillis = now;
            counter = RANDOM.nextInt(0x800);
        } else if (++counter > 0xFFF) {
            lastMillis++;
            counter = 0;
        }
        return assemble(lastMillis, counter, RANDOM.nextLong());
    }

    /** An id that sorts at the given time, for records of the past such as imports and demonstrations. */
    public static UUID at(Instant time) {
        return assemble(time.toEpochMilli(), RANDOM.nextInt(0x1000), RANDOM.nextLong());
    }

    /** The smallest id of the given time: everything made before it sorts lower. */
    public static UUID lowerBound(Instant time) {
        return new UUID(time.toEpochMilli() << 16 | 0x7000L, 0x8000_0000_0000_0000L);
    }

    /** When the id was made, to the millisecond. */
    public static Instant timeOf(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }

    private static UUID assemble(long millis, int twelveBits, long random) {
        return new UUID(millis << 16 | 0x7000L | twelveBits, random & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L);
    }
}
