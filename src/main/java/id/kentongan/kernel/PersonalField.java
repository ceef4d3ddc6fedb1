// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

/**
 * One column that holds personal data.
 *
 * @param table schema-qualified table, {@code inbox.contact_identity}
 * @param column the column
 * @param kind what it is about
 * @param protection how it is kept
 * @param retention in plain words, until when; shown in the register
 */
public record PersonalField(String table, String column, Kind kind, Protection protection, String retention) {
    public enum Kind {
        HANDLE,
        NAME,
        PHONE,
        MAIL,
        NIK,
        PLACE,
        WORDS,
        ATTACHMENT,
        RAW_DELIVERY,
        CREDENTIAL,
        OFFICER
    }

    public enum Protection {
        /** Sealed under a contact's data key: destroying the key is erasure. */
        SEALED_BY_CONTACT,
        /** Sealed under the tenant's key. */
        SEALED_BY_TENANT,
        /** A keyed hash, for looking up without reading. */
        KEYED_HASH,
        /** A one-way password or token hash. */
        ONE_WAY_HASH,
        /** In clear, with the reason in the retention note (an officer's name in office, a search row). */
        CLEAR
    }
}
