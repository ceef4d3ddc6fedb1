// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy;

import id.kentongan.database.DataFolder;
import id.kentongan.privacy.internal.KeyFolder;

/** Whether a copy of the keys lies elsewhere, as far as this installation knows: noted beside the keys. */
public enum KeyCustody {
    /** If the data folder is lost, no backup can be read. */
    NEVER_EXPORTED,
    /** Keys were rotated since: what was sealed after that cannot be read with the export. */
    OUTDATED,
    EXPORTED;

    public static KeyCustody of(DataFolder folder) {
        return new KeyFolder(folder)
                .lastExport()
                .map(export -> export.whole() ? EXPORTED : OUTDATED)
                .orElse(NEVER_EXPORTED);
    }

    /** A line for the operator, or an empty one when all is well. */
    public String warning() {
        return switch (this) {
            case NEVER_EXPORTED ->
                "The keys were never exported: if this data folder is lost, no backup can be read."
                        + " Run ./kentongan keys export FILE and keep the file elsewhere.";
            case OUTDATED ->
                "The keys were rotated since they were last exported: the export does not open what was sealed later."
                        + " Run ./kentongan keys export FILE again.";
            case EXPORTED -> "";
        };
    }
}
