// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.casework.CaseState;
import id.kentongan.casework.Cases;
import id.kentongan.casework.PublicCase;
import id.kentongan.casework.TimelineLine;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Intake;
import id.kentongan.channel.WebForm;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Tenants;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.TenantId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Cases as the public and their reporters see them. */
@Component
class PublicCases {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final CaseBook book;
    private final CaseClocks clocks;
    private final Clock clock;
    private final Conversations conversations;
    private final Intake intake;
    private final Agencies agencies;
    private final Tenants tenants;
    private final CaseReader reader;
    private final Closings closings;

    PublicCases(
            ActorTransactions transactions,
            JdbcClient jdbc,
            CaseBook book,
            CaseClocks clocks,
            Clock clock,
            Conversations conversations,
            Intake intake,
            Agencies agencies,
            Tenants tenants,
            CaseReader reader,
            Closings closings) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.book = book;
        this.clocks = clocks;
        this.clock = clock;
        this.conversations = conversations;
        this.intake = intake;
        this.agencies = agencies;
        this.tenants = tenants;
        this.reader = reader;
        this.closings = closings;
    }

    Optional<PublicCase> byPublicNumber(Actor actor, String publicNumber) {
        var system = Actor.system(actor.tenant(), "casework");
        return transactions.read(
                system,
                () -> jdbc.sql("select * from casework.case where public_number = ? and not confidential")
                        .param(publicNumber.strip().toUpperCase(java.util.Locale.ROOT))
                        .query(CaseBook::row)
                        .optional()
                        .map(row -> shown(system, row, false)));
    }

    /** @param toReporter whether answers are shown in words; the public sees only that there was one */
    PublicCase shown(Actor system, CaseBook.Row row, boolean toReporter) {
        var agency = row.agency() == null
                ? null
                : agencies.find(system, row.agency()).map(Agency::shortName).orElse(null);
        var due = row.dueAt();
        var promised = row.state() == CaseState.CLOSED
                ? Optional.<CaseClocks.Promised>empty()
                : clocks.nearestDueOfAnswer(row.id());
        var zone = tenants.get(system.tenant()).zone();
        var lines = reader.lines(system, row, true, toReporter).stream().toList();
        return new PublicCase(
                row.number(),
                row.kind(),
                row.state(),
                agency,
                row.openedAt(),
                row.outcome(),
                row.postponedUntil(),
                due == null || row.state() == CaseState.CLOSED
                        ? null
                        : due.minusMillis(1).atZone(zone).toLocalDate(),
                due != null && row.state() != CaseState.CLOSED && due.isBefore(clock.instant()),
                promised.map(CaseClocks.Promised::on).orElse(null),
                promised.filter(each -> each.at().isBefore(clock.instant())).isPresent(),
                lines);
    }

    private Optional<CaseBook.Row> rowOf(String secret) {
        return jdbc.sql("""
                        select c.*
                        from casework.secret_link s
                        join casework.case c on c.tenant_id = s.tenant_id and c.id = s.case_id
                        where s.token_hash = ? and s.purpose = 'REPORTER'
                        """).param(CaseBook.hash(secret)).query(CaseBook::row).optional();
    }

    Optional<Cases.ReporterCase> bySecret(TenantId tenant, String secret) {
        var system = Actor.system(tenant, "casework");
        return transactions.read(
                system,
                () -> rowOf(secret).map(row -> {
                    var messages = new ArrayList<MessageView>();
                    var theirs = new HashSet<MessageId>();
                    for (var conversation : book.conversationsOf(row.id())) {
                        var read = toRead(system, row, conversation);
                        messages.addAll(read.messages());
                        theirs.addAll(read.theirs());
                    }
                    return new Cases.ReporterCase(
                            row.id(),
                            asItHolds(shown(system, row, true), messages),
                            reader.title(system, row),
                            messages,
                            theirs,
                            row.state() == CaseState.ANSWERED || mayReopen(system, row));
                }));
    }

    private boolean mayReopen(Actor system, CaseBook.Row row) {
        var closedAt = row.closedAt();
        return closedAt != null && closings.mayReopen(system, closedAt, clock.instant());
    }

    /** What was corrected or withdrawn since is not told further by the timeline. */
    private static PublicCase asItHolds(PublicCase shown, List<MessageView> messages) {
        var now = messages.stream()
                .filter(each -> each.direction() == MessageView.Direction.OUT)
                .collect(Collectors.toMap(
                        MessageView::id,
                        each -> each.withdrawn() ? Optional.<String>empty() : Optional.ofNullable(each.text())));
        return new PublicCase(
                shown.publicNumber(),
                shown.kind(),
                shown.state(),
                shown.agencyName(),
                shown.openedAt(),
                shown.outcome(),
                shown.postponedUntil(),
                shown.dueOn(),
                shown.overdue(),
                shown.answerDueOn(),
                shown.answerOverdue(),
                shown.timeline().stream().map(line -> asItHolds(line, now)).toList());
    }

    private static TimelineLine asItHolds(TimelineLine line, Map<MessageId, Optional<String>> now) {
        var holds = line.message() == null ? null : now.get(line.message());
        return holds == null
                ? line
                : new TimelineLine(
                        line.at(),
                        line.what(),
                        line.by(),
                        line.from(),
                        line.to(),
                        holds.orElse(null),
                        line.toPublic(),
                        line.message(),
                        line.day());
    }

    /** @param theirs which of them the reporter said */
    private record Read(List<MessageView> messages, Set<MessageId> theirs) {}

    /**
     * What the reporter of this case may read of a conversation, which may be somebody else's: a case is opened for
     * whoever asks in a thread. What was said in public is everybody's. What was said to fewer is the reporter's where
     * the conversation is theirs alone; among several people nothing tells whom a private answer was for, and the
     * case's own answers stand on its timeline. What was said to others, and was fetched only to understand a question,
     * is no part of what the reporter has with us.
     */
    private Read toRead(Actor system, CaseBook.Row row, ConversationId conversation) {
        var all = conversations.messages(system, conversation, null, 200).items();
        // What the reporter added by the secret link came by a form, which knows nobody: the case has it on its
        // timeline, and there stands nothing but the reporter's.
        var added = book.told(
                row.id(), all.stream().map(message -> message.id().value()).toList());
        var owner = conversations
                .owner(system, conversation)
                .orElseThrow(() -> Refusal.notFound().asException());
        var spoken = conversations.spoken(system, conversation, row.reporter() == null ? owner : row.reporter());
        var theirs = row.reporter() == null || row.reporter().equals(owner);
        var alone = theirs
                && all.stream()
                        .filter(message -> message.direction() == MessageView.Direction.IN)
                        .allMatch(message ->
                                message.owners() || added.contains(message.id().value()));
        var shown = all.stream()
                .filter(message -> added.contains(message.id().value())
                        || !spoken.toOthers().contains(message.id()))
                .filter(message -> switch (message.direction()) {
                    case NOTE -> false;
                    case OUT -> alone || saidInPublic(message);
                    case IN ->
                        theirs && message.owners()
                                || saidInPublic(message)
                                || added.contains(message.id().value());
                })
                .toList();
        return new Read(
                shown,
                shown.stream()
                        .map(MessageView::id)
                        .filter(id -> spoken.theirs().contains(id) || added.contains(id.value()))
                        .collect(Collectors.toSet()));
    }

    private static boolean saidInPublic(MessageView message) {
        return message.audience() == Audience.PUBLIC || message.audience() == Audience.UNLISTED;
    }

    Optional<Conversations.FileContent> file(TenantId tenant, String secret, MessageId message, int index) {
        var system = Actor.system(tenant, "casework");
        return transactions
                .read(
                        system,
                        () -> rowOf(secret)
                                .flatMap(row -> book.conversationsOf(row.id()).stream()
                                        .filter(conversation -> toRead(system, row, conversation).messages().stream()
                                                .anyMatch(each -> each.id().equals(message) && !each.withdrawn()))
                                        .findFirst()))
                .flatMap(conversation -> conversations.file(system, conversation, message, index));
    }

    void add(TenantId tenant, String secret, String text, List<Attachment> files, String idempotencyKey) {
        var system = Actor.system(tenant, "casework");
        var hints = transactions
                .read(system, () -> rowOf(secret).map(this::addition))
                .orElseThrow(() -> Refusal.notFound().asException());
        intake.acceptForm(system, new WebForm(idempotencyKey, "", text, hints, files));
    }

    /** Where it belongs, and whose secret link it came by. */
    private Map<String, String> addition(CaseBook.Row row) {
        var hints = new HashMap<String, String>();
        hints.put("conversation", book.conversationsOf(row.id()).getFirst().toString());
        var reporter = row.reporter();
        if (reporter != null) {
            hints.put("reporter", reporter.toString());
        }
        return hints;
    }
}
