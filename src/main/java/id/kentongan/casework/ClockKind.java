// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

/** The clocks of a case. */
public enum ClockKind {
    VERIFY,
    FIRST_FOLLOW_UP,
    FINISH
}
