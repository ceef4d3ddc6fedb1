// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

/** How a closed case ended. */
public enum CaseOutcome {
    /** An officer closed it with a reason. */
    SETTLED,
    /** It was answered, and the citizen did not react for as long as the rule says. */
    UNREACTED,
    /** Not our authority (bukan wewenang): the citizen was told whom to ask. */
    NOT_OURS,
    /** Archived (diarsipkan) for a reason of the dated list. */
    ARCHIVED;

    /** For message keys. */
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
