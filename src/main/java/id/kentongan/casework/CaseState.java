// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

/** Where a case stands. */
public enum CaseState {
    /** Opened, not yet verified. */
    RECEIVED,
    /** Verified and with an agency. */
    FORWARDED,
    /** The agency has answered the citizen. */
    ANSWERED,
    CLOSED
}
