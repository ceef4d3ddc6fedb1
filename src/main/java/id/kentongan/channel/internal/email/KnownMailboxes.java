// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.MailAccount;
import id.kentongan.kernel.Actor;
import java.util.List;
import java.util.Optional;

/** The tenant's mailboxes as their letters are read and written by. */
interface KnownMailboxes {
    /** @param marked whether letters to marked addresses arrive */
    record Known(MailAccount mailbox, boolean marked) {}

    Optional<Known> of(Actor actor, AccountId account);

    /** Addresses of all of them. */
    List<String> addresses(Actor actor);
}
