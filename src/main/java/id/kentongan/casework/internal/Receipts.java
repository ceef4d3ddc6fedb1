// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

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
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;

/**
 * Tells the citizen, where they wrote, that they were heard: the public number, who will answer and by when. The
 * secret link goes privately only. Once per case: the keys are the case's own.
 */
@Component
class Receipts {
    private static final Locale INDONESIAN = Locale.of("id");

    private final Conversations conversations;
    private final Agencies agencies;
    private final Tenants tenants;
    private final MessageSource texts;

    Receipts(Conversations conversations, Agencies agencies, Tenants tenants, MessageSource texts) {
        this.conversations = conversations;
        this.agencies = agencies;
        this.tenants = tenants;
        this.texts = texts;
    }

    void send(Actor actor, CaseBook.Row row, MessageContent first, String secret) {
        var locale = "en".equals(first.language()) ? Locale.ENGLISH : INDONESIAN;
        var agency = row.agency() == null
                ? texts.getMessage("casework.receipt.we", null, locale)
                : agencies.find(actor, row.agency()).map(Agency::shortName).orElse("Diskominfo");
        var tenant = tenants.get(actor.tenant());
        var due = row.dueAt() == null
                ? ""
                : DateTimeFormatter.ofPattern("EEEE, d MMMM yyyy", locale)
                        .format(row.dueAt().minusSeconds(1).atZone(tenant.zone()));
        var link = tenant.address() + "/lacak/r/" + secret;
        var key = "receipt:" + row.id();
        var secretOnly = first.audience() == Audience.DIRECT || row.confidential();
        if (first.network() == Network.WEB) {
            // The form's own page has shown the secret link already.
            conversations.replyAutomatically(
                    actor,
                    first.conversation(),
                    Audience.DIRECT,
                    texts.getMessage("casework.receipt.web", new Object[] {row.number(), agency, due}, locale),
                    key);
            return;
        }
        if (secretOnly) {
            conversations.replyAutomatically(
                    actor,
                    first.conversation(),
                    Audience.DIRECT,
                    texts.getMessage(
                            "casework.receipt.private", new Object[] {row.number(), agency, due, link}, locale),
                    key);
            return;
        }
        conversations.replyAutomatically(
                actor,
                first.conversation(),
                first.audience(),
                texts.getMessage("casework.receipt.public", new Object[] {row.number(), agency, due}, locale),
                key);
        conversations.replyAutomatically(
                actor,
                first.conversation(),
                Audience.DIRECT,
                texts.getMessage("casework.receipt.link", new Object[] {row.number(), link}, locale),
                key + ":link");
    }
}
