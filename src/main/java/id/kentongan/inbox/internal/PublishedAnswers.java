// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.Account;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.PublishedAnswer;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.SealedContent;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What we said in public and still stands there, within the reader's reach: never a word of a citizen. */
@Component
class PublishedAnswers {
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Outbox outbox;
    private final Accounts accounts;

    PublishedAnswers(ActorTransactions transactions, JdbcClient jdbc, Vault vault, Outbox outbox, Accounts accounts) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.outbox = outbox;
        this.accounts = accounts;
    }

    private record Stored(
            UUID id,
            DataKeyId key,
            Instant at,
            SealedContent body,
            @Nullable OutgoingId outgoing,
            boolean corrected,
            Network network,
            AccountId account,
            @Nullable AgencyId agency,
            @Nullable String caseNumber) {}

    Page<PublishedAnswer> newest(Actor actor, @Nullable String before, int limit) {
        InboxAccess.known(before);
        if (!readsReleased(actor)) {
            throw Refusal.notFound().asException();
        }
        return transactions.read(actor, () -> {
            var found = jdbc.sql("""
                            select m.id, m.data_key_id, m.at, m.body_key, m.body_sealed, m.outgoing_id, m.edited_at,
                                c.network, c.account_id, c.agency_id, c.case_number
                            from inbox.message m
                            join inbox.conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
                            where m.direction = 'OUT' and m.audience in ('PUBLIC', 'UNLISTED')
                            and not m.automatic and m.deleted_at is null and m.body_sealed is not null
                            and not c.confidential and not c.anonymous
                            and (:before::uuid is null or m.id < :before::uuid)
                            order by m.id desc
                            limit :limit
                            """)
                    .param("before", before)
                    .param("limit", limit + 1)
                    .query(PublishedAnswers::stored)
                    .list();
            var more = found.size() > limit;
            var shown = more ? found.subList(0, limit) : found;
            var sent = outbox.statuses(
                    actor,
                    shown.stream()
                            .flatMap(each -> Stream.ofNullable(each.outgoing()))
                            .toList());
            vault.warm(actor, shown.stream().map(Stored::key).toList());
            return new Page<>(
                    shown.stream()
                            .filter(each -> each.outgoing() != null
                                    && sent.get(each.outgoing()) instanceof OutgoingStatus status
                                    && status.state() == OutgoingStatus.State.SENT)
                            .flatMap(each -> answer(actor, each).stream())
                            .toList(),
                    more ? shown.getLast().id().toString() : null);
        });
    }

    private Optional<PublishedAnswer> answer(Actor actor, Stored each) {
        return vault.openContent(actor, each.key(), Receiving.BODY, each.body())
                .map(bytes -> new PublishedAnswer(
                        new MessageId(each.id()),
                        each.at(),
                        each.network(),
                        accounts.find(actor, each.account())
                                .map(Account::handle)
                                .orElse(""),
                        new String(bytes, StandardCharsets.UTF_8),
                        each.corrected(),
                        each.agency(),
                        each.caseNumber()));
    }

    /** Released text is for everybody who has work or numbers here; whoever only administers has neither. */
    private static boolean readsReleased(Actor actor) {
        return switch (actor.kind()) {
            case OFFICER -> !actor.roles().equals(java.util.Set.of(Role.ADMINISTRATOR));
            case SYSTEM -> true;
            case CITIZEN -> false;
        };
    }

    private static Stored stored(ResultSet row, int number) throws SQLException {
        var outgoing = row.getObject("outgoing_id", UUID.class);
        var agency = row.getObject("agency_id", UUID.class);
        return new Stored(
                row.getObject("id", UUID.class),
                new DataKeyId(row.getObject("data_key_id", UUID.class)),
                row.getTimestamp("at").toInstant(),
                new SealedContent(row.getBytes("body_key"), row.getBytes("body_sealed")),
                outgoing == null ? null : new OutgoingId(outgoing),
                row.getTimestamp("edited_at") != null,
                Network.of(row.getString("network")),
                new AccountId(row.getObject("account_id", UUID.class)),
                agency == null ? null : new AgencyId(agency),
                row.getString("case_number"));
    }
}
