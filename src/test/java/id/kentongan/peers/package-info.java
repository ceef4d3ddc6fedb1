// SPDX-License-Identifier: Apache-2.0
/**
 * The six steps of the spine against fediverse servers that were not written here, run on loopback.
 */
package id.kentongan.peers;
