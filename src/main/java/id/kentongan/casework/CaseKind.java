// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

/** Kinds of cases; a plain question stays in its conversation. Codes are stored and used in message keys. */
public enum CaseKind {
    COMPLAINT("complaint"),
    /** Complaint with supervisory content (berkadar pengawasan). */
    COMPLAINT_SUPERVISED("complaint-supervised"),
    ASPIRATION("aspiration"),
    INFORMATION_REQUEST("information-request"),
    WHISTLE_BLOWING("whistle-blowing");

    private final String code;

    CaseKind(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    public static CaseKind of(String code) {
        for (var kind : values()) {
            if (kind.code.equals(code)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("No kind of case " + code);
    }
}
