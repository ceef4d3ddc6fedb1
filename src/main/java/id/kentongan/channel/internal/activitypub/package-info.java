// SPDX-License-Identifier: Apache-2.0
/**
 * The fediverse: our own ActivityPub server, one actor per channel account with the officers behind it. Reads
 * and writes what the networks of that protocol speak, signs and checks their requests, and fetches from them
 * without ever reaching into a private network.
 */
@NullMarked
package id.kentongan.channel.internal.activitypub;

import org.jspecify.annotations.NullMarked;
