// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import id.kentongan.kernel.Actor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tenant's accounts. Credentials never leave the module. */
public interface Accounts {
    List<Account> all(Actor actor);

    Optional<Account> find(Actor actor, AccountId id);

    /**
     * Adds an account. Administrators only.
     *
     * @param name for ActivityPub the preferred user name, {@code kabar}; it can never be changed or used again
     * @param displayName 1 to 100 characters
     * @param summary at most 500 characters
     */
    Account add(Actor actor, Network network, String name, String displayName, String summary);

    /** What can be done on its network with it; empty when there is no such account or no adapter for it. */
    Optional<Capabilities> capabilities(Actor actor, AccountId id);

    /** The tenant's web form account, made when absent. */
    Account web(Actor actor);

    /**
     * Changes its display name, its words about itself and whether it sends; the network is told. One that is made
     * active sends what waited, and its days of patience begin anew. Administrators only.
     */
    void change(Actor actor, Account account);

    /** How each account is doing; for those who settle what does not arrive. */
    Map<AccountId, AccountHealth> health(Actor actor);

    /**
     * Sets how many messages the account may send in a day of the tenant's zone. What goes beyond it waits for the
     * next day; what waited for it is tried at once. Administrators only.
     *
     * @param perDay at least 1, or null without limit
     */
    void limit(Actor actor, AccountId id, @Nullable Integer perDay);
}
