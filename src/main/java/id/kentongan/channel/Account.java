// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

/**
 * An account of the tenant on a network.
 *
 * @param handle as people write it: {@code @kabar@sukamaju.example}
 * @param name display name
 * @param state {@code ACTIVE}, {@code PAUSED} by an officer, {@code BROKEN} by the network
 */
public record Account(AccountId id, Network network, String handle, String name, String summary, State state) {
    public enum State {
        ACTIVE,
        PAUSED,
        BROKEN
    }
}
