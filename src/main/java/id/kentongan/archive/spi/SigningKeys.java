// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive.spi;

import java.util.Optional;

/** Keeps the key that signs checkpoints, sealed at rest; implemented by privacy, which stands above the archive. */
public interface SigningKeys {
    /** The private key as it was kept, or nothing before the first time. */
    Optional<byte[]> signingKey();

    /**
     * Keeps the pair: the private half sealed, the public one readable for auditors. What another node kept in the
     * meantime stays and is returned instead.
     */
    byte[] keep(byte[] privateKey, byte[] publicKey);
}
