// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.channel.Account;
import id.kentongan.channel.Capabilities.Doubt;
import id.kentongan.channel.internal.OutgoingClaims.Claimed;
import id.kentongan.channel.internal.OutgoingStore.Act;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.channel.spi.Finding;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.kernel.Actor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * One attempt to send one message, and nothing said twice: what may have been said already is said again only where the
 * network makes a repetition harmless, or once reading has shown that it is not there. Runs outside a transaction.
 */
@Component
class Attempts {
    private static final Logger log = LoggerFactory.getLogger(Attempts.class);

    private final DayBudgets days;
    private final Clock clock;

    Attempts(DayBudgets days, Clock clock) {
        this.days = days;
        this.clock = clock;
    }

    /** @param doubtSince since when it may have been said, if that is still open, or null */
    record Told(SendOutcome outcome, @Nullable Instant doubtSince) {}

    Told make(Actor actor, ChannelAdapter adapter, Account account, Claimed claimed) {
        var doubt = claimed.doubtSince();
        var help = help(adapter, account, claimed);
        if (doubt != null && !help.harmless(doubt, clock.instant())) {
            if (!help.readable()) {
                var code = claimed.code();
                return new Told(new SendOutcome.Unknown(claimed.died() || code == null ? "sender-died" : code), doubt);
            }
            var told = read(actor, adapter, account, claimed, doubt);
            if (told != null) {
                return told;
            }
            doubt = null;
        }
        var perDay = claimed.perDay();
        if (perDay != null) {
            var tomorrow = days.take(actor, account.id(), claimed.id(), perDay);
            if (tomorrow.isPresent()) {
                return new Told(new SendOutcome.Retry(tomorrow.get(), OutboxSender.DAY_BUDGET), doubt);
            }
        }
        return switch (sent(actor, adapter, account, claimed)) {
            case SendOutcome.Unknown unknown ->
                doubted(actor, adapter, account, claimed, unknown, doubt == null ? claimed.at() : doubt);
            case SendOutcome.Retry retry -> new Told(retry, doubt);
            case SendOutcome.ShutOut out -> new Told(out, doubt);
            case SendOutcome.Sent sent -> new Told(sent, null);
            case SendOutcome.Refused refused -> new Told(refused, null);
        };
    }

    /** A change made twice ends as made once, whatever the network does with messages. */
    private static Doubt help(ChannelAdapter adapter, Account account, Claimed claimed) {
        return claimed.act() == Act.SAY ? adapter.capabilities(account).doubt() : Doubt.HARMLESS;
    }

    private static SendOutcome sent(Actor actor, ChannelAdapter adapter, Account account, Claimed claimed) {
        var outgoing = claimed.outgoing();
        try {
            return switch (claimed.act()) {
                case SAY -> adapter.send(actor, account, outgoing);
                case EDIT -> adapter.edit(actor, account, claimed.target(), outgoing);
                case WITHDRAW -> adapter.withdraw(actor, account, claimed.target(), outgoing);
            };
        } catch (RuntimeException | StackOverflowError e) {
            log.warn("Sending {} broke its adapter", claimed.id(), e);
            return new SendOutcome.Unknown("broken");
        }
    }

    private Told doubted(
            Actor actor,
            ChannelAdapter adapter,
            Account account,
            Claimed claimed,
            SendOutcome.Unknown unknown,
            Instant since) {
        var help = help(adapter, account, claimed);
        if (help.harmless(since, clock.instant())) {
            // Where a repetition changes nothing at the network, not knowing is a reason to repeat.
            return new Told(new SendOutcome.Retry(Duration.ZERO, unknown.code()), since);
        }
        if (help.readable()) {
            return Objects.requireNonNullElseGet(
                    read(actor, adapter, account, claimed, since),
                    () -> new Told(new SendOutcome.Retry(Duration.ZERO, unknown.code()), null));
        }
        return new Told(unknown, since);
    }

    /** What reading tells; null when it is not there and so may be said. */
    private static @Nullable Told read(
            Actor actor, ChannelAdapter adapter, Account account, Claimed claimed, Instant since) {
        Finding finding;
        try {
            finding = adapter.find(actor, account, claimed.outgoing());
        } catch (RuntimeException | StackOverflowError e) {
            log.warn("Looking for {} broke its adapter", claimed.id(), e);
            finding = new Finding.Later(Duration.ZERO, "broken");
        }
        return switch (finding) {
            case Finding.Found(var key, var url) -> new Told(new SendOutcome.Sent(key, url), null);
            case Finding.Later(var after, var code) -> new Told(new SendOutcome.Retry(after, code), since);
            case Finding.Absent() -> null;
        };
    }
}
