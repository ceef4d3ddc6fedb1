// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

/** Who can read a message on its network; in order, each is read by fewer than the one before it. */
public enum Audience {
    PUBLIC,
    UNLISTED,
    FOLLOWERS,
    DIRECT;

    /** The one of the two that fewer read: an answer is never more public than what it answers. */
    public Audience narrower(Audience other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
