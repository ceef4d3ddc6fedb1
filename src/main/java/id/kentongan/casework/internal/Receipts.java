// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.casework.ClockKind;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Conversations.MessageContent;
import id.kentongan.kernel.Actor;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells the citizen, where they wrote, that they were heard: the public number, who will answer and by when. The
 * secret link goes privately only. Once per case: the keys are the case's own.
 */
@Component
class Receipts {
    private static final Logger log = LoggerFactory.getLogger(Receipts.class);
    private static final Locale INDONESIAN = Locale.of("id");

    private final Conversations conversations;
    private final CaseBook book;
    private final Agencies agencies;
    private final Tenants tenants;
    private final MessageSource texts;
    private final TransactionTemplate apart;

    Receipts(
            Conversations conversations,
            CaseBook book,
            Agencies agencies,
            Tenants tenants,
            MessageSource texts,
            PlatformTransactionManager transactions) {
        this.conversations = conversations;
        this.book = book;
        this.agencies = agencies;
        this.tenants = tenants;
        this.texts = texts;
        this.apart = new TransactionTemplate(transactions);
        this.apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    }

    /**
     * Sends the receipt. One that cannot be sent leaves the case as it is: the citizen was heard, and the officer
     * answers by hand.
     */
    void send(Actor actor, CaseBook.Row row, MessageContent first, String secret) {
        try {
            apart.executeWithoutResult(status -> sendAll(actor, row, first, secret));
        } catch (RuntimeException e) {
            log.warn(
                    "The receipt of case {} was not sent ({})",
                    row.id(),
                    e.getClass().getSimpleName());
        }
    }

    private void sendAll(Actor actor, CaseBook.Row row, MessageContent first, String secret) {
        var locale = "en".equals(first.language()) ? Locale.ENGLISH : INDONESIAN;
        var tenant = tenants.get(actor.tenant());
        var who = row.agency() == null
                ? texts.getMessage("casework.receipt.we", null, locale)
                : agencies.find(actor, row.agency())
                        .map(Agency::shortName)
                        .orElseGet(() -> texts.getMessage("casework.receipt.we", null, locale));
        var by = byWhen(actor, row, locale);
        var link = tenant.address() + "/lacak/r/" + secret;
        var key = "receipt:" + row.id();
        if (first.network() == Network.WEB) {
            // The form's own page has shown the secret link already.
            reply(actor, first, Audience.DIRECT, key, "casework.receipt.web", locale, row.number(), who, by);
        } else if (first.audience() == Audience.DIRECT || row.confidential()) {
            reply(actor, first, Audience.DIRECT, key, "casework.receipt.private", locale, row.number(), who, by, link);
        } else {
            reply(actor, first, first.audience(), key, "casework.receipt.public", locale, row.number(), who, by);
            reply(actor, first, Audience.DIRECT, key + ":link", "casework.receipt.link", locale, row.number(), link);
        }
    }

    private void reply(
            Actor actor,
            MessageContent first,
            Audience audience,
            String key,
            String text,
            Locale locale,
            Object... arguments) {
        conversations.replyAutomatically(
                actor, first.conversation(), audience, texts.getMessage(text, arguments, locale), key);
    }

    /** The day of the first follow-up, which is what the citizen waits for; verification is the office's own clock. */
    private String byWhen(Actor actor, CaseBook.Row row, Locale locale) {
        var due = book.clocksFor(actor, row.kind(), row.openedAt());
        var shown = Stream.of(ClockKind.FIRST_FOLLOW_UP, ClockKind.FINISH)
                .map(due::get)
                .filter(Objects::nonNull)
                .findFirst();
        return shown.map(each -> texts.getMessage(
                        each.unit().equals("WORKING_DAYS") ? "casework.receipt.by-working-days" : "casework.receipt.by",
                        new Object[] {
                            DateTimeFormatter.ofPattern("EEEE, d MMMM yyyy", locale)
                                    .format(each.on()),
                            each.amount()
                        },
                        locale))
                .orElseGet(() -> texts.getMessage("casework.receipt.soon", null, locale));
    }
}
