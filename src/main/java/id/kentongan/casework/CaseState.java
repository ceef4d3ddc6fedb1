// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

/** Where a case stands. */
public enum CaseState {
    /** Opened, not yet verified. */
    RECEIVED,
    /** Verified and with an agency. */
    FORWARDED,
    /** Put off until a day, with a reason; comes back by itself. */
    POSTPONED,
    /** The agency has answered the citizen. */
    ANSWERED,
    CLOSED
}
