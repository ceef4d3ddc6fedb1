// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.util.List;
import java.util.Map;

/**
 * What a backup file says of itself; its last entry, {@code manifest.json}.
 *
 * @param format of the file: a restore refuses a newer one than it knows
 * @param at when the snapshot was taken, ISO 8601 in UTC
 * @param versions the newest migration of each module's history, by the module's folder name
 * @param tables every table with its columns in the order of its data
 * @param partitions made before the rows go in, so that they lie where they lay
 * @param sequences the last value of each sequence in use
 * @param files every other entry of the file
 */
record BackupManifest(
        int format,
        String at,
        Map<String, String> versions,
        List<Table> tables,
        List<Partition> partitions,
        Map<String, Long> sequences,
        List<Content> files) {
    static final int FORMAT = 1;
    static final String ENTRY = "manifest.json";

    /** @param sha256 of the entry's bytes, in hexadecimal */
    record Table(String name, List<String> columns, long rows, String entry, String sha256) {}

    record Partition(String parent, String name, String bound) {}

    record Content(String entry, String sha256) {}
}
