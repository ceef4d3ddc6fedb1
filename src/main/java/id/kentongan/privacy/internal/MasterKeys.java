// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import id.kentongan.archive.spi.SigningKeys;
import id.kentongan.database.DataFolder;
import id.kentongan.database.StartRefusedException;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.SecretKey;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The master keys in memory: several versions, the highest is used for wrapping, all for unwrapping. Whoever has a
 * backup of the database but not these keys has nothing readable.
 */
@Component
class MasterKeys implements SigningKeys {
    private final KeyFolder folder;
    private final TreeMap<Integer, SecretKey> versions = new TreeMap<>();

    MasterKeys(DataFolder data, JdbcClient jdbc) {
        this.folder = new KeyFolder(data);
        if (!folder.hasMaster()) {
            // New keys beside data sealed by others would hide the mistake until someone wants to read.
            if (jdbc.sql("select privacy.has_tenant_keys()")
                    .query(Boolean.class)
                    .single()) {
                throw new StartRefusedException("The database holds data sealed by keys that are not in "
                        + folder.path() + ". Bring them in with ./kentongan keys import FILE --data " + data.path()
                        + ", then start again");
            }
            folder.makeMaster();
        }
        load();
    }

    synchronized int primary() {
        return versions.lastKey();
    }

    synchronized SecretKey version(int version) {
        var key = versions.get(version);
        if (key == null) {
            load();
            key = versions.get(version);
        }
        if (key == null) {
            throw new IllegalStateException("The master keys in " + folder.path() + " have no version " + version
                    + ". Import the newest export of the installation's keys: ./kentongan keys import FILE");
        }
        return key;
    }

    /** Adds a new primary version; the earlier ones stay until everything is wrapped anew, and for older backups. */
    synchronized int rotate() {
        var next = folder.addMaster();
        load();
        return next;
    }

    @Override
    public Optional<byte[]> signingKey() {
        return folder.signing().map(KeyFolder.Pair::privateKey);
    }

    @Override
    public byte[] keep(byte[] privateKey, byte[] publicKey) {
        return folder.keepSigning(new KeyFolder.Pair(privateKey, publicKey)).privateKey();
    }

    private void load() {
        folder.master().forEach((version, key) -> versions.put(version, Sealing.key(key)));
    }
}
