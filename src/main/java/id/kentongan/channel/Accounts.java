// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import id.kentongan.kernel.Actor;
import java.util.List;
import java.util.Optional;

/** The tenant's accounts. Credentials never leave the module. */
public interface Accounts {
    List<Account> all(Actor actor);

    Optional<Account> find(Actor actor, AccountId id);

    /**
     * Adds an account.
     *
     * @param name for ActivityPub the preferred user name, {@code kabar}
     */
    Account add(Actor actor, Network network, String name, String displayName, String summary);

    /** The tenant's web form account, made when absent. */
    Account web(Actor actor);

    void change(Actor actor, Account account);
}
