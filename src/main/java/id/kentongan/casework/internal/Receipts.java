// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.casework.ClockKind;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Conversations.AutomaticReply;
import id.kentongan.inbox.Conversations.MessageContent;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.MessageSource;
import org.springframework.dao.TransientDataAccessException;
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
    private final CaseClocks clocks;
    private final CaseTimeline timeline;
    private final Agencies agencies;
    private final Tenants tenants;
    private final MessageSource texts;
    private final Trail trail;
    private final Clock clock;
    private final TransactionTemplate apart;

    Receipts(
            Conversations conversations,
            CaseClocks clocks,
            CaseTimeline timeline,
            Agencies agencies,
            Tenants tenants,
            MessageSource texts,
            Trail trail,
            Clock clock,
            PlatformTransactionManager transactions) {
        this.conversations = conversations;
        this.clocks = clocks;
        this.timeline = timeline;
        this.agencies = agencies;
        this.tenants = tenants;
        this.texts = texts;
        this.trail = trail;
        this.clock = clock;
        this.apart = new TransactionTemplate(transactions);
        this.apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    }

    /** @param first the message the case was opened for @param secret of the link that shows its private detail */
    record Due(CaseBook.Row row, MessageContent first, String secret) {}

    /**
     * Sends the receipts, all at once; when that fails, each on its own. One that cannot be sent leaves its case as it
     * is, and a line on its timeline: the citizen was heard but does not know it, so the officer tells them by hand.
     * What may succeed in a moment is thrown, to be tried again.
     */
    void send(Actor actor, List<Due> due) {
        if (due.isEmpty()) {
            return;
        }
        List<Due> unsent;
        try {
            unsent = reply(actor, due);
        } catch (TransientDataAccessException e) {
            throw e;
        } catch (RuntimeException one) {
            log.info(
                    "The receipts of {} cases are sent one by one ({})",
                    due.size(),
                    one.getClass().getSimpleName());
            unsent = due.stream().filter(each -> !sent(actor, each)).toList();
        }
        if (!unsent.isEmpty()) {
            var now = clock.instant();
            timeline.add(
                    actor,
                    unsent.stream()
                            .map(each -> new CaseTimeline.Line(
                                    each.row().id(), now, "receipt-not-sent", null, null, null, null, false))
                            .toList());
            trail.recordAll(
                    actor,
                    unsent.stream()
                            .map(each -> TrailEntry.of(
                                    "casework.receipt-not-sent",
                                    "case",
                                    each.row().id().value()))
                            .toList());
        }
    }

    private boolean sent(Actor actor, Due due) {
        try {
            return reply(actor, List.of(due)).isEmpty();
        } catch (TransientDataAccessException e) {
            throw e;
        } catch (RuntimeException e) {
            log.warn(
                    "The receipt of case {} was not sent ({})",
                    due.row().id(),
                    e.getClass().getSimpleName());
            return false;
        }
    }

    /** Those of which not everything is on its way. */
    private List<Due> reply(Actor actor, List<Due> due) {
        return Objects.requireNonNull(apart.execute(status -> {
            var names = new HashMap<AgencyId, Optional<String>>();
            var wanted = new LinkedHashMap<Due, List<AutomaticReply>>();
            due.forEach(each -> wanted.put(each, replies(actor, each, names)));
            var sent = conversations.replyAutomatically(
                    actor, wanted.values().stream().flatMap(List::stream).toList());
            return due.stream()
                    .filter(each -> !sent.keySet().containsAll(wanted.getOrDefault(each, List.of())))
                    .toList();
        }));
    }

    private List<AutomaticReply> replies(Actor actor, Due due, Map<AgencyId, Optional<String>> names) {
        var row = due.row();
        var first = due.first();
        var locale = "en".equals(first.language()) ? Locale.ENGLISH : INDONESIAN;
        var tenant = tenants.get(actor.tenant());
        var agency = row.agency();
        var name = agency == null
                ? Optional.<String>empty()
                : names.computeIfAbsent(agency, id -> agencies.find(actor, id).map(Agency::shortName));
        var who = name.orElseGet(() -> texts.getMessage("casework.receipt.we", null, locale));
        var by = byWhen(actor, row, locale);
        var link = tenant.address() + "/lacak/r/" + due.secret();
        var key = "receipt:" + row.id();
        if (first.network() == Network.WEB && first.hints().containsKey("secret")) {
            // The form's own page has shown the secret link already.
            return List.of(reply(first, Audience.DIRECT, key, "casework.receipt.web", locale, row.number(), who, by));
        }
        if (first.audience() == Audience.DIRECT || row.confidential()) {
            return List.of(reply(
                    first, Audience.DIRECT, key, "casework.receipt.private", locale, row.number(), who, by, link));
        }
        return List.of(
                reply(first, first.audience(), key, "casework.receipt.public", locale, row.number(), who, by),
                reply(first, Audience.DIRECT, key + ":link", "casework.receipt.link", locale, row.number(), link));
    }

    private AutomaticReply reply(
            MessageContent first, Audience audience, String key, String text, Locale locale, Object... arguments) {
        return new AutomaticReply(
                first.conversation(), first.message(), audience, texts.getMessage(text, arguments, locale), key);
    }

    /** The day of the first follow-up, which is what the citizen waits for; verification is the office's own clock. */
    private String byWhen(Actor actor, CaseBook.Row row, Locale locale) {
        var due = clocks.of(actor, row.kind(), row.openedAt());
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
