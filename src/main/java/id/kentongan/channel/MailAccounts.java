// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import id.kentongan.kernel.Actor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Accounts that are mailboxes: what they need beside what every account has. Administrators only. */
public interface MailAccounts {
    /**
     * Adds a mailbox, once both of its servers let us in. Refused with the code of what went wrong
     * ({@code channel.failure.} has words for it), as an argument of {@code channel.mail-incoming} or
     * {@code channel.mail-outgoing}.
     */
    Account add(Actor actor, String displayName, String summary, MailAccount mailbox);

    /** Changes how it is reached, as {@link #add}; its address stays. */
    void change(Actor actor, AccountId id, MailAccount mailbox);

    /** How it is reached, without passwords. */
    MailAccount of(Actor actor, AccountId id);

    /**
     * Sends a letter from the mailbox to itself and waits for it, and another to a marked address
     * ({@code layanan+tanda@…}). Whether that arrives decides whether answers may be asked for at such addresses.
     */
    List<Step> tryBothWays(Actor actor, AccountId id);

    /** Of every mailbox that was looked into; for those who settle what does not arrive. */
    Map<AccountId, Standing> standings(Actor actor);

    /** @param failure code below {@code channel.failure.}, or null when it went well */
    record Step(Way way, @Nullable String failure) {}

    enum Way {
        /** Its mailbox opens. */
        HEARING,
        /** Its server takes letters from us. */
        SENDING,
        /** A letter to itself arrives. */
        ARRIVING,
        /** So does one to an address with a mark. */
        MARKED
    }

    /**
     * @param lookedAt when it was last looked into and nothing was wrong, or null
     * @param failure code of what is wrong since, or null
     * @param marked whether letters to marked addresses arrive, as was last tried
     */
    record Standing(@Nullable Instant lookedAt, @Nullable String failure, boolean marked) {}
}
