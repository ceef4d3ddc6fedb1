// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import static id.kentongan.inbox.InboxTesting.MORNING;
import static id.kentongan.inbox.InboxTesting.person;
import static id.kentongan.inbox.InboxTesting.received;
import static id.kentongan.inbox.InboxTesting.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.archive.Trail;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.spi.ItemReceiver;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.ReadingLog;
import id.kentongan.privacy.Vault;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import java.nio.charset.StandardCharsets;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A regency with an account and an officer, and people who say things to it. */
abstract class AbstractInboxIntegrationTests {
    @Autowired
    TestTenants tenants;

    @Autowired
    Accounts accounts;

    @Autowired
    ItemReceiver receiver;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    Conversations conversations;

    @Autowired
    Outbox outbox;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Vault vault;

    @Autowired
    Trail trail;

    @Autowired
    ReadingLog readings;

    TestTenant tenant;

    Actor system;

    Actor rina;

    AccountId account;

    String prefix;

    @BeforeEach
    void aRegencyWithAnAccount() {
        tenant = tenants.found();
        system = tenant.system();
        rina = tenants.officer(tenant, tenant.office(), false, Role.COMMUNICATION_OFFICER);
        account =
                accounts.add(system, Network.ACTIVITYPUB, "kabar", "Kabar", "").id();
        prefix = Ids.next() + "/";
    }

    int waitingMessages() {
        return transactions.read(
                system,
                () -> jdbc.sql("select count(*)::int from inbox.waiting_message")
                        .query(Integer.class)
                        .single());
    }

    List<@Nullable String> texts(ConversationId id) {
        return conversations.messages(rina, id, null, 20).items().stream()
                .<@Nullable String>map(MessageView::text)
                .toList();
    }

    /** Edited five minutes after the morning began, so that it mentions us. */
    ReceivedItem edited(String key, String text, @Nullable String parent) {
        var at = MORNING.plusSeconds(300);
        return received(
                account,
                new Item.Edited(
                        prefix + key + "#edited",
                        at,
                        person("made").key(),
                        prefix + key,
                        text,
                        null,
                        List.of(),
                        said(
                                prefix + key,
                                person("made"),
                                Audience.PUBLIC,
                                parent == null ? null : prefix + parent,
                                MORNING.plusSeconds(30),
                                text)));
    }

    /** As the first version sealed our words: under the citizen's key. */
    void sealedAsBefore(ConversationId id, MessageId message, String text) {
        transactions.run(system, () -> {
            var key = new DataKeyId(jdbc.sql("select data_key_id from inbox.conversation where id = ?")
                    .param(id.value())
                    .query(UUID.class)
                    .single());
            var sealed = vault.sealContent(system, key, "inbox.message.body", text.getBytes(StandardCharsets.UTF_8));
            jdbc.sql("update inbox.message set data_key_id = ?, body_key = ?, body_sealed = ? where id = ?")
                    .params(key.value(), sealed.key(), sealed.sealed(), message.value())
                    .update();
        });
    }

    /** A finished raw delivery that holds what was said under that key. */
    UUID raw(String key) {
        return raw(key, null);
    }

    UUID raw(String key, Item.@Nullable Author author) {
        var id = Ids.next();
        transactions.run(system, () -> {
            jdbc.sql("""
                            insert into channel.delivery
                                (tenant_id, id, account_id, network, received_at, state, next_attempt_at, sealed)
                            values (?, ?, ?, 'activitypub', now(), 'done', now(), ?)
                            """)
                    .params(tenant.id().value(), id, account.value(), new byte[] {1})
                    .update();
            jdbc.sql("""
                            insert into channel.delivery_words (tenant_id, delivery_id, key_hash, author_hash)
                            values (:tenant, :id, :key, :author)
                            """)
                    .param("tenant", tenant.id().value())
                    .param("id", id)
                    .param("key", vault.keyedHash(system, "channel.seen", prefix + key))
                    .param(
                            "author",
                            author == null
                                    ? null
                                    : vault.keyedHash(system, "channel.delivery_words.author", author.key()),
                            Types.BINARY)
                    .update();
        });
        return id;
    }

    byte[] rawBody(UUID id) {
        return transactions.read(
                system,
                () -> jdbc.sql("select sealed from channel.delivery where id = ?")
                        .param(id)
                        .query(byte[].class)
                        .single());
    }

    static Attachment picture(String content) {
        return new Attachment(null, "image/jpeg", null, content.getBytes(StandardCharsets.UTF_8));
    }

    Item.Said pictured(String key, String text, Attachment... pictures) {
        var plain = said(prefix + key, person("budi"), Audience.PUBLIC, null, MORNING, text);
        return new Item.Said(
                plain.remoteKey(),
                plain.at(),
                plain.author(),
                plain.audience(),
                null,
                text,
                null,
                "id",
                null,
                true,
                List.of(pictures),
                Map.of());
    }

    void edit(int minute, Item.Said now) {
        var at = MORNING.plus(Duration.ofMinutes(minute));
        take(received(
                account,
                new Item.Edited(
                        now.remoteKey() + "#" + minute,
                        at,
                        now.author().key(),
                        now.remoteKey(),
                        now.text(),
                        null,
                        now.attachments(),
                        now)));
    }

    List<String> files(ConversationId id) {
        var message = conversations.messages(rina, id, null, 10).items().getFirst();
        return java.util.stream.IntStream.range(0, message.files().size())
                .mapToObj(n -> new String(
                        conversations
                                .file(rina, id, message.id(), n)
                                .orElseThrow()
                                .bytes(),
                        StandardCharsets.UTF_8))
                .toList();
    }

    int waitingWordings() {
        return transactions.read(
                system,
                () -> jdbc.sql("select count(*)::int from inbox.pending_change where sealed is not null")
                        .query(Integer.class)
                        .single());
    }

    void lock(UUID id) {
        jdbc.sql("select 1 from inbox.conversation where id = ? for update")
                .param(id)
                .query((row, n) -> 1)
                .list();
    }

    static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int rows(Actor actor, String table) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select count(*)::int from inbox." + table)
                        .query(Integer.class)
                        .single());
    }

    static Draft.Window window() {
        return new Draft.Window(Ids.next(), null);
    }

    /** A window that is drawn now, with the newest draft in it. */
    Draft.Window next(Actor actor, ConversationId id) {
        var drafts = conversations.accessible(actor, id).orElseThrow().drafts();
        return new Draft.Window(Ids.next(), drafts.getFirst().version());
    }

    List<String> drafts(Actor actor, ConversationId id) {
        return conversations.accessible(actor, id).orElseThrow().drafts().stream()
                .map(Draft::text)
                .toList();
    }

    MessageId heard(ConversationId id) {
        return conversations.messages(system, id, null, 50).items().stream()
                .filter(message -> message.direction() == MessageView.Direction.IN)
                .findFirst()
                .orElseThrow()
                .id();
    }

    void nothingOf(Actor actor, ConversationId id) {
        assertThat(list(actor, Box.ALL).items()).isEmpty();
        assertThat(conversations.search(actor, "jalan", null, 10).items()).isEmpty();
        assertThat(conversations.counts(actor).values()).allMatch(count -> count == 0);
        assertThat(conversations.accessible(actor, id)).isEmpty();
        assertThat(conversations.file(actor, id, MessageId.next(), 0)).isEmpty();
        assertThatThrownBy(() -> conversations.messages(actor, id, null, 10)).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> conversations.finish(actor, id)).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> conversations.assign(actor, id, null)).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> conversations.note(actor, id, "x")).isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> conversations.saveDraft(actor, id, window(), "x"))
                .isInstanceOf(RefusalException.class);
        assertThatThrownBy(() -> conversations.reply(actor, id, "public", "x", "k", null))
                .isInstanceOf(RefusalException.class);
        // The tables themselves answer nothing either.
        for (var table : List.of("conversation", "message", "message_search", "message_version", "message_file")) {
            var key = table.equals("conversation") ? "id" : "tenant_id";
            var value = table.equals("conversation") ? id.value() : tenant.id().value();
            if (actor.kind() == Actor.Kind.OFFICER && !actor.agencies().all()
                    || !actor.tenant().equals(tenant.id())
                    || !actor.circle() && confidential(id)) {
                assertThat(transactions.<Integer>read(
                                actor,
                                () -> jdbc.sql("select count(*)::int from inbox." + table + " where " + key + " = ?")
                                        .param(value)
                                        .query(Integer.class)
                                        .single()))
                        .as(table)
                        .isZero();
            }
        }
    }

    boolean confidential(ConversationId id) {
        return transactions.read(
                system,
                () -> jdbc.sql("select coalesce(bool_or(confidential), false) from inbox.conversation where id = ?")
                        .param(id.value())
                        .query(Boolean.class)
                        .single());
    }

    void hear(String key, String who, Audience audience, @Nullable String parent, int minute, String text) {
        take(received(
                account,
                said(
                        prefix + key,
                        person(who),
                        audience,
                        parent == null ? null : prefix + parent,
                        MORNING.plus(Duration.ofMinutes(minute)),
                        text)));
    }

    ReceivedItem context(String key, @Nullable String parent, String text) {
        return received(
                account,
                new Item.Said(
                        prefix + key,
                        MORNING.plusSeconds(30),
                        person("made"),
                        Audience.PUBLIC,
                        parent == null ? null : prefix + parent,
                        text,
                        null,
                        "id",
                        null,
                        false,
                        List.of(),
                        Map.of()));
    }

    void take(ReceivedItem... items) {
        transactions.run(system, () -> receiver.receive(system, List.of(items)));
    }

    void mark(ConversationId id, AgencyId agency, boolean confidential, boolean anonymous) {
        transactions.run(
                system, () -> conversations.mark(system, List.of(markOf(id, agency, confidential, anonymous))));
    }

    static CaseMark markOf(ConversationId id, AgencyId agency, boolean confidential, boolean anonymous) {
        return new CaseMark(
                id, Ids.next(), "KTG-2026-000007", "complaint", "new", agency, confidential, anonymous, null);
    }

    /** The network's key of what we said, known before it is sent. */
    String ours(MessageId message) {
        var outgoing = transactions.<UUID>read(
                system,
                () -> jdbc.sql("select outgoing_id from inbox.message where id = ?")
                        .param(message.value())
                        .query(UUID.class)
                        .single());
        return outbox.keyOf(system, account, new OutgoingId(outgoing)).orElseThrow();
    }

    Page<ConversationRow> list(Actor actor, Box box) {
        return conversations.list(actor, ConversationFilter.of(box), null, 100);
    }

    ConversationRow only(Actor actor) {
        return only(actor, Box.OPEN);
    }

    ConversationRow only(Actor actor, Box box) {
        assertThat(list(actor, box).items()).hasSize(1);
        return list(actor, box).items().getFirst();
    }
}
