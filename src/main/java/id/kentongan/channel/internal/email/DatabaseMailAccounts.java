// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.Account;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.MailAccount;
import id.kentongan.channel.MailAccount.Server;
import id.kentongan.channel.MailAccounts;
import id.kentongan.channel.Network;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

@Component
class DatabaseMailAccounts implements MailAccounts {
    private static final Pattern ADDRESS =
            Pattern.compile("[a-z0-9.!#$%&'*/=?^_`{|}~-]{1,40}@[a-z0-9](?:[a-z0-9.-]{0,180}[a-z0-9])?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,250}[A-Za-z0-9])?");
    private static final Pattern FINDINGS = Pattern.compile("[A-Za-z0-9.-]{0,250}");
    private static final int LONGEST_WORD = 200;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_SUMMARY = 500;

    private final ActorTransactions transactions;
    private final Accounts accounts;
    private final Mailboxes mailboxes;
    private final MailTrial trial;
    private final MailboxWatches watches;
    private final Trail trail;

    DatabaseMailAccounts(
            ActorTransactions transactions,
            Accounts accounts,
            Mailboxes mailboxes,
            MailTrial trial,
            MailboxWatches watches,
            Trail trail) {
        this.transactions = transactions;
        this.accounts = accounts;
        this.mailboxes = mailboxes;
        this.trial = trial;
        this.watches = watches;
        this.trail = trail;
    }

    @Override
    public Account add(Actor actor, String displayName, String summary, MailAccount wanted) {
        administratorsOnly(actor);
        var mailbox = lowered(wanted);
        introduced(displayName, summary);
        seemly(mailbox);
        if (accounts.all(actor).stream().anyMatch(each -> each.handle().equals(mailbox.address()))) {
            throw Refusal.invalid("channel.mail-taken").asException();
        }
        opens(mailbox);
        var id = AccountId.next();
        transactions.run(actor, () -> {
            if (!mailboxes.add(actor, id, displayName, summary, mailbox)) {
                throw Refusal.invalid("channel.mail-taken").asException();
            }
            trail.record(
                    actor,
                    TrailEntry.of(
                            "channel.account-added", "account", id.value(), Map.of("network", Network.EMAIL.code())));
            transactions.afterCommit(() -> watches.nudge(id));
        });
        return accounts.find(actor, id).orElseThrow();
    }

    @Override
    public void change(Actor actor, AccountId id, MailAccount wanted) {
        administratorsOnly(actor);
        var before = known(actor, id);
        var mailbox = new MailAccount(
                before.address(),
                withPassword(wanted.incoming(), before.incoming()),
                withPassword(wanted.outgoing(), before.outgoing()),
                wanted.findings());
        seemly(mailbox);
        opens(mailbox);
        transactions.run(actor, () -> {
            mailboxes.change(actor, id, mailbox);
            trail.record(actor, TrailEntry.of("channel.mailbox-changed", "account", id.value()));
            transactions.afterCommit(() -> watches.nudge(id));
        });
    }

    /** A password goes only where it went before: another host or user gets the one that is typed for it. */
    private static Server withPassword(Server wanted, Server before) {
        return wanted.password().isEmpty()
                        && wanted.host().equalsIgnoreCase(before.host())
                        && wanted.user().equals(before.user())
                ? wanted.withPassword(before.password())
                : wanted;
    }

    @Override
    public MailAccount of(Actor actor, AccountId id) {
        administratorsOnly(actor);
        var known = known(actor, id);
        return new MailAccount(
                known.address(), known.incoming().shown(), known.outgoing().shown(), known.findings());
    }

    @Override
    public List<Step> tryBothWays(Actor actor, AccountId id) {
        administratorsOnly(actor);
        var steps = trial.bothWays(known(actor, id));
        var marked = steps.stream().anyMatch(step -> step.way() == Way.MARKED && step.failure() == null);
        transactions.run(actor, () -> {
            mailboxes.mark(actor, id, marked);
            trail.record(
                    actor,
                    TrailEntry.of(
                            "channel.mailbox-tried",
                            "account",
                            id.value(),
                            Map.of(
                                    "well",
                                    ""
                                            + steps.stream()
                                                    .filter(step -> step.way() != Way.MARKED)
                                                    .allMatch(step -> step.failure() == null),
                                    "marked",
                                    "" + marked)));
        });
        return steps;
    }

    @Override
    public Map<AccountId, Standing> standings(Actor actor) {
        if (actor.kind() != Actor.Kind.SYSTEM
                && !actor.hasAny(Role.ADMINISTRATOR, Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.AUDITOR)) {
            throw Refusal.notFound().asException();
        }
        return transactions.read(actor, mailboxes::standings);
    }

    private MailAccount known(Actor actor, AccountId id) {
        return accounts.find(actor, id)
                .flatMap(account -> mailboxes.of(actor, account.id()))
                .map(Mailboxes.Known::mailbox)
                .orElseThrow(() -> Refusal.notFound().asException());
    }

    // ---- what is taken ----------------------------------------------------------------------------------------------

    private static MailAccount lowered(MailAccount mailbox) {
        return new MailAccount(
                mailbox.address().strip().toLowerCase(Locale.ROOT),
                mailbox.incoming(),
                mailbox.outgoing(),
                mailbox.findings());
    }

    private static void introduced(String displayName, String summary) {
        if (displayName.isBlank() || displayName.length() > LONGEST_NAME) {
            throw Refusal.invalid("channel.account-display-name", LONGEST_NAME).asException();
        }
        if (summary.length() > LONGEST_SUMMARY) {
            throw Refusal.invalid("channel.account-summary", LONGEST_SUMMARY).asException();
        }
    }

    private static void seemly(MailAccount mailbox) {
        if (!ADDRESS.matcher(mailbox.address()).matches() || mailbox.address().contains("..")) {
            throw Refusal.invalid("channel.mail-address").asException();
        }
        seemly(mailbox.incoming(), "channel.mail-incoming");
        seemly(mailbox.outgoing(), "channel.mail-outgoing");
        if (!FINDINGS.matcher(mailbox.findings()).matches()) {
            throw Refusal.invalid("channel.mail-findings").asException();
        }
    }

    private static void seemly(Server server, String which) {
        if (!HOST.matcher(server.host()).matches()) {
            throw Refusal.invalid(which, "mail-host-unknown").asException();
        }
        if (server.port() < 1 || server.port() > 65_535) {
            throw Refusal.invalid(which, "mail-port").asException();
        }
        if (isNoWord(server.user()) || isNoWord(server.password())) {
            throw Refusal.invalid(which, "mail-user").asException();
        }
        if (MailServers.isClearBeyondThisMachine(server)) {
            throw Refusal.invalid(which, "mail-in-clear").asException();
        }
    }

    private static boolean isNoWord(String text) {
        return text.length() > LONGEST_WORD || text.chars().anyMatch(Character::isISOControl);
    }

    private void opens(MailAccount mailbox) {
        var hearing = trial.hearing(mailbox);
        if (hearing != null) {
            throw Refusal.invalid("channel.mail-incoming", hearing).asException();
        }
        var sending = trial.sending(mailbox);
        if (sending != null) {
            throw Refusal.invalid("channel.mail-outgoing", sending).asException();
        }
    }

    private static void administratorsOnly(Actor actor) {
        if (actor.kind() == Actor.Kind.OFFICER && !actor.has(Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
    }
}
