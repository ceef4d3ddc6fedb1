// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

/** Who can read a message on its network. */
public enum Audience {
    PUBLIC,
    UNLISTED,
    FOLLOWERS,
    DIRECT
}
