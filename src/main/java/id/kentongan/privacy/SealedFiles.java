// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy;

import id.kentongan.kernel.Actor;
import java.util.Optional;

/**
 * Attachments and media: content-addressed by keyed hash, sealed under the contact's key, in the data folder (or
 * object storage later). Rows that name a file live in the owning module.
 */
public interface SealedFiles {
    /** Stores the bytes sealed and returns the reference to keep. */
    StoredFile store(Actor actor, DataKeyId key, byte[] plain);

    /** The plain bytes, or empty when the key was destroyed or the file is gone. */
    Optional<byte[]> read(Actor actor, DataKeyId key, StoredFile file);

    /** Removes the bytes; the row that named them is the caller's. */
    void remove(Actor actor, StoredFile file);

    /**
     * Keeps what belongs to no contact, sealed under the tenant's key; on the disk when it returns.
     *
     * @return opaque relative name below the tenant's folder
     */
    String storeForTenant(Actor actor, byte[] plain);

    /** The plain bytes, or empty when the file is gone. */
    Optional<byte[]> readForTenant(Actor actor, String name);

    void removeForTenant(Actor actor, String name);

    /** @param name opaque relative name below the tenant's folder @param key wrapped content key */
    record StoredFile(String name, byte[] key, long size) {}
}
