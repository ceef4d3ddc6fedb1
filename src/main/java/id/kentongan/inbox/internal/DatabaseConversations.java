// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.CaseMark;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.ConversationView;
import id.kentongan.inbox.ConversationView.ReplyTarget;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.inbox.ReplySent;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.ReadingLog;
import id.kentongan.privacy.SealedContent;
import id.kentongan.privacy.SealedFiles;
import id.kentongan.privacy.SealedFiles.StoredFile;
import id.kentongan.privacy.Vault;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

@Component
class DatabaseConversations implements Conversations {
    private static final int MOST_COUNTED = 1000;
    private static final int MOST_RECEIPTS_A_DAY = 20;
    private static final String DRAFT = "inbox.draft";

    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final SealedFiles files;
    private final ReadingLog readings;
    private final Trail trail;
    private final Clock clock;
    private final ObjectMapper json;
    private final Accounts accounts;
    private final Outbox outbox;
    private final ObjectProvider<ChannelAdapter> adapters;
    private final ApplicationEventPublisher events;
    private final Announcements announcements;

    DatabaseConversations(
            ActorTransactions transactions,
            JdbcClient jdbc,
            Vault vault,
            SealedFiles files,
            ReadingLog readings,
            Trail trail,
            Clock clock,
            ObjectMapper json,
            Accounts accounts,
            Outbox outbox,
            ObjectProvider<ChannelAdapter> adapters,
            ApplicationEventPublisher events,
            Announcements announcements) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.files = files;
        this.readings = readings;
        this.trail = trail;
        this.clock = clock;
        this.json = json;
        this.accounts = accounts;
        this.outbox = outbox;
        this.adapters = adapters;
        this.events = events;
        this.announcements = announcements;
    }

    private static boolean readsWords(Actor actor) {
        return switch (actor.kind()) {
            case OFFICER ->
                actor.hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER, Role.AUDITOR);
            case SYSTEM -> true;
            // A citizen's reach is one case, by its secret link; never the inbox.
            case CITIZEN -> false;
        };
    }

    private static void worksHere(Actor actor) {
        if (actor.kind() != Actor.Kind.SYSTEM
                && !actor.hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER)) {
            throw Refusal.notFound().asException();
        }
    }

    // ---- lists --------------------------------------------------------------------------------------------------

    private record Raw(
            ConversationId id,
            Network network,
            AccountId account,
            ContactId contact,
            DataKeyId key,
            DataKeyId contactKey,
            Audience audience,
            byte @Nullable [] preview,
            byte @Nullable [] identity,
            Instant lastAt,
            @Nullable Instant waitingSince,
            boolean unread,
            boolean done,
            @Nullable OfficerId assignee,
            @Nullable AgencyId agency,
            boolean confidential,
            boolean anonymous,
            @Nullable UUID caseId,
            @Nullable String caseNumber,
            @Nullable String caseKind,
            @Nullable String caseState,
            @Nullable Instant dueAt,
            String urgent,
            long version,
            long heard) {}

    private static final String COLUMNS = """
            select c.*, k.data_key_id as contact_key, i.sealed as identity,
                   c.urgent_at::text as urgent_text,
                   c.last_at > coalesce(r.read_at, '-infinity') and c.waiting_since is not null as unread
            """;

    private static final String JOINS = """
            join inbox.contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
            left join lateral (
                select nullif(i.sealed, '') as sealed from inbox.contact_identity i
                where i.tenant_id = c.tenant_id and i.contact_id = c.contact_id
                limit 1) i on true
            left join inbox.conversation_read r
                on r.tenant_id = c.tenant_id and r.conversation_id = c.id and r.officer_id = :me
            """;

    @Override
    public Page<ConversationRow> list(Actor actor, ConversationFilter filter, @Nullable String after, int limit) {
        if (!readsWords(actor)) {
            return Page.empty();
        }
        var newest = filter.order() == ConversationFilter.Order.NEWEST || filter.box() == Box.DONE;
        var sql = new StringBuilder(COLUMNS).append("from (select * from inbox.conversation c where true ");
        sql.append(condition(filter.box())).append(within(actor));
        sql.append(filter.network() == null ? "" : "and c.network = :network ");
        sql.append(filter.agency() == null ? "" : "and c.agency_id = :agency ");
        sql.append(filter.kind() == null ? "" : "and c.case_kind = :kind ");
        if (after != null) {
            sql.append(
                    newest
                            ? "and (c.last_at, c.id) < (:at::timestamptz, :id) "
                            : "and (c.urgent_at, c.id) > (:at::timestamptz, :id) ");
        }
        var order = newest ? "order by c.last_at desc, c.id desc " : "order by c.urgent_at, c.id ";
        sql.append(order).append("limit :limit) c ").append(JOINS).append(order);
        var query = jdbc.sql(sql.toString())
                .param("me", actor.id())
                .param("reach", reach(actor))
                .param("now", Timestamp.from(clock.instant()))
                .param("limit", limit + 1)
                .param(
                        "network",
                        filter.network() == null ? null : filter.network().code())
                .param(
                        "agency",
                        filter.agency() == null ? null : filter.agency().value())
                .param("kind", filter.kind());
        if (after != null) {
            var from = Position.parse(after);
            query = query.param("at", from.at()).param("id", from.id());
        }
        var ready = query;
        return transactions.read(actor, () -> {
            var raws = ready.query(DatabaseConversations::raw).list();
            var shown = raws.size() > limit ? raws.subList(0, limit) : raws;
            var last = shown.isEmpty() ? null : shown.getLast();
            var next = raws.size() > limit && last != null
                    ? (newest ? last.lastAt().toString() : last.urgent()) + "|" + last.id()
                    : null;
            return new Page<>(rows(actor, shown), next);
        });
    }

    /** A page ends at an id; what is no id was made up. */
    private static void known(@Nullable String id) {
        try {
            if (id != null) {
                UUID.fromString(id);
            }
        } catch (IllegalArgumentException e) {
            throw Refusal.notFound().asException();
        }
    }

    /** Where a page ended: the time it is ordered by, and the id. */
    private record Position(String at, UUID id) {
        static Position parse(String after) {
            try {
                var bar = after.indexOf('|');
                var at = after.substring(0, Math.max(0, bar));
                if (!at.equals("infinity")) {
                    Timestamp.valueOf(at.replace('T', ' ').replaceAll("(Z|[+-][0-9:]+)$", ""));
                }
                return new Position(at, UUID.fromString(after.substring(bar + 1)));
            } catch (IllegalArgumentException e) {
                throw Refusal.notFound().asException();
            }
        }
    }

    /**
     * Says again what the policy says, for whoever does not see every agency: in the policy's own words it stands
     * behind an "or", which no index answers.
     */
    private static String within(Actor actor) {
        return actor.agencies().all() ? "" : "and c.agency_id = any(:reach) ";
    }

    private static UUID[] reach(Actor actor) {
        return actor.agencies().ids().stream().map(AgencyId::value).toArray(UUID[]::new);
    }

    private static String condition(Box box) {
        return switch (box) {
            case OPEN -> "and not c.done ";
            case MINE -> "and not c.done and c.assignee = :me ";
            case NOBODYS -> "and not c.done and c.assignee is null ";
            case UNANSWERED -> "and not c.done and c.waiting_since is not null ";
            case OVERDUE -> "and not c.done and c.due_at < :now ";
            case DONE -> "and c.done ";
            case ALL -> "";
        };
    }

    @Override
    public Map<Box, Integer> counts(Actor actor) {
        var counts = new EnumMap<Box, Integer>(Box.class);
        if (!readsWords(actor)) {
            return counts;
        }
        transactions.read(actor, () -> {
            for (var box : List.of(Box.OPEN, Box.MINE, Box.NOBODYS, Box.UNANSWERED, Box.OVERDUE)) {
                counts.put(
                        box,
                        jdbc.sql("select count(*) from (select 1 from inbox.conversation c where true " + condition(box)
                                        + within(actor) + "limit " + MOST_COUNTED + ") n")
                                .param("me", actor.id())
                                .param("reach", reach(actor))
                                .param("now", Timestamp.from(clock.instant()))
                                .query(Integer.class)
                                .single());
            }
            return Boolean.TRUE;
        });
        return counts;
    }

    @Override
    public Page<ConversationRow> search(Actor actor, String words, @Nullable String after, int limit) {
        if (!readsWords(actor) || words.isBlank()) {
            return Page.empty();
        }
        known(after);
        return transactions.read(actor, () -> {
            var ids = new ArrayList<UUID>();
            String next = null;
            if (after == null) {
                ids.addAll(exact(actor, words.strip()));
            }
            var query = Words.query(words);
            if (!query.isEmpty()) {
                record Hit(UUID conversation, UUID newest) {}
                var hits = jdbc.sql("select * from inbox.find(:query::tsquery, :before::uuid, :most)")
                        .param("query", query)
                        .param("before", after)
                        .param("most", limit + 1)
                        .query((row, n) -> new Hit(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                        .list();
                hits.stream().limit(limit).map(Hit::conversation).forEach(ids::add);
                next = hits.size() > limit ? hits.get(limit - 1).newest().toString() : null;
            }
            var wanted = ids.stream().distinct().toList();
            var found = byIds(actor, wanted);
            return new Page<>(
                    rows(
                            actor,
                            wanted.stream()
                                    .map(found::get)
                                    .filter(Objects::nonNull)
                                    .toList()),
                    next);
        });
    }

    /** By case number, and by handle through its keyed hash. */
    private List<UUID> exact(Actor actor, String words) {
        var handle = words.toLowerCase(Locale.ROOT);
        return jdbc.sql("""
                        (select id from inbox.conversation where case_number = upper(:words) limit 50)
                        union all
                        (select c.id
                         from inbox.contact_identity i
                         join inbox.conversation c on c.tenant_id = i.tenant_id and c.contact_id = i.contact_id
                         where i.handle_hash = any(:hashes) and not c.anonymous
                         limit 50)
                        """)
                .param("words", words)
                .param("hashes", new byte[][] {
                    vault.keyedHash(actor, Receiving.HANDLES, handle),
                    vault.keyedHash(actor, Receiving.HANDLES, "@" + handle)
                })
                .query(UUID.class)
                .list();
    }

    private Map<UUID, Raw> byIds(Actor actor, List<UUID> ids) {
        var found = new HashMap<UUID, Raw>();
        if (!ids.isEmpty()) {
            jdbc.sql(COLUMNS + "from inbox.conversation c " + JOINS + "where c.id = any(:ids)")
                    .param("me", actor.id())
                    .param("ids", ids.toArray(UUID[]::new))
                    .query(DatabaseConversations::raw)
                    .list()
                    .forEach(raw -> found.put(raw.id().value(), raw));
        }
        return found;
    }

    private List<ConversationRow> rows(Actor actor, List<Raw> raws) {
        var keys = new ArrayList<DataKeyId>();
        raws.forEach(raw -> {
            keys.add(raw.key());
            keys.add(raw.contactKey());
        });
        vault.warm(actor, keys);
        return raws.stream().map(raw -> row(actor, raw, masked(actor))).toList();
    }

    /** An auditor's lists never show words or names; they open a conversation with a reason. */
    private static boolean masked(Actor actor) {
        return actor.readOnly();
    }

    private ConversationRow row(Actor actor, Raw raw, boolean masked) {
        var preview = masked || raw.preview() == null
                ? ""
                : vault.openText(actor, raw.key(), Receiving.PREVIEW, raw.preview())
                        .orElse("");
        return new ConversationRow(
                raw.id(),
                raw.network(),
                raw.account(),
                raw.audience(),
                preview,
                masked || hidesReporter(actor, raw) ? "" : name(actor, raw),
                raw.lastAt(),
                raw.waitingSince(),
                raw.unread(),
                raw.done(),
                raw.assignee(),
                raw.agency(),
                mark(raw));
    }

    /** Anonymous to the agency and the public; those who run the inbox must be able to answer. */
    private static boolean hidesReporter(Actor actor, Raw raw) {
        return raw.anonymous() && !actor.hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR);
    }

    private String name(Actor actor, Raw raw) {
        var sealed = raw.identity();
        return sealed == null
                ? ""
                : vault.open(actor, raw.contactKey(), Receiving.IDENTITY, sealed)
                        .map(bytes -> json.readValue(bytes, Receiving.Identity.class))
                        .map(identity -> identity.handle().startsWith("@")
                                        || identity.name().isBlank()
                                ? identity.handle()
                                : identity.name())
                        .filter(name -> !name.equals("web"))
                        .orElse("");
    }

    private static @Nullable CaseMark mark(Raw raw) {
        var caseId = raw.caseId();
        return caseId == null
                ? null
                : new CaseMark(
                        raw.id(),
                        caseId,
                        Objects.requireNonNullElse(raw.caseNumber(), ""),
                        Objects.requireNonNullElse(raw.caseKind(), ""),
                        Objects.requireNonNullElse(raw.caseState(), ""),
                        raw.agency(),
                        raw.confidential(),
                        raw.anonymous(),
                        raw.dueAt());
    }

    private static Raw raw(ResultSet row, int number) throws SQLException {
        var assignee = row.getObject("assignee", UUID.class);
        var agency = row.getObject("agency_id", UUID.class);
        var waiting = row.getTimestamp("waiting_since");
        var due = row.getTimestamp("due_at");
        return new Raw(
                new ConversationId(row.getObject("id", UUID.class)),
                Network.of(row.getString("network")),
                new AccountId(row.getObject("account_id", UUID.class)),
                new ContactId(row.getObject("contact_id", UUID.class)),
                new DataKeyId(row.getObject("data_key_id", UUID.class)),
                new DataKeyId(row.getObject("contact_key", UUID.class)),
                Audience.valueOf(row.getString("audience")),
                row.getBytes("preview_sealed"),
                row.getBytes("identity"),
                row.getTimestamp("last_at").toInstant(),
                waiting == null ? null : waiting.toInstant(),
                row.getBoolean("unread"),
                row.getBoolean("done"),
                assignee == null ? null : new OfficerId(assignee),
                agency == null ? null : new AgencyId(agency),
                row.getBoolean("confidential"),
                row.getBoolean("anonymous"),
                row.getObject("case_id", UUID.class),
                row.getString("case_number"),
                row.getString("case_kind"),
                row.getString("case_state"),
                due == null ? null : due.toInstant(),
                row.getString("urgent_text"),
                row.getLong("version"),
                row.getLong("heard_version"));
    }

    // ---- one conversation ---------------------------------------------------------------------------------------

    private Raw raw(Actor actor, ConversationId id) {
        if (!readsWords(actor)) {
            throw Refusal.notFound().asException();
        }
        var found = byIds(actor, List.of(id.value())).get(id.value());
        if (found == null) {
            throw Refusal.notFound().asException();
        }
        return found;
    }

    @Override
    public Optional<ConversationView> accessible(Actor actor, ConversationId id) {
        if (!readsWords(actor)) {
            return Optional.empty();
        }
        if (!exists(actor, id)) {
            return Optional.empty();
        }
        var open = mayRead(actor, id);
        return transactions.read(actor, () -> {
            var raw = byIds(actor, List.of(id.value())).get(id.value());
            if (raw == null) {
                return Optional.empty();
            }
            var account = accounts.find(actor, raw.account()).orElseThrow();
            return Optional.of(new ConversationView(
                    row(actor, raw, !open),
                    raw.contact(),
                    account,
                    open ? messages(actor, raw, null, 100) : Page.empty(),
                    targets(raw),
                    draft(actor, id),
                    present(actor, id),
                    raw.version()));
        });
    }

    /** The default is where the newest words came from: what was said in private is answered in private. */
    private List<ReplyTarget> targets(Raw raw) {
        var able = adapters.stream()
                .filter(adapter -> adapter.network() == raw.network())
                .findFirst()
                .map(ChannelAdapter::capabilities)
                .orElse(null);
        if (able == null) {
            return List.of();
        }
        var targets = new ArrayList<ReplyTarget>();
        if (raw.audience() != Audience.DIRECT && able.publicReply()) {
            targets.add(new ReplyTarget("public", raw.network(), raw.audience(), able.maxLength()));
        }
        if (able.privateReply()) {
            targets.add(new ReplyTarget("private", raw.network(), Audience.DIRECT, able.maxLength()));
        }
        return targets.size() == 2 && lastWasPrivate(raw) ? targets.reversed() : targets;
    }

    private boolean lastWasPrivate(Raw raw) {
        return jdbc.sql("""
                        select audience = 'DIRECT'
                        from inbox.message
                        where conversation_id = ? and direction = 'IN'
                        order by id desc
                        limit 1
                        """)
                .param(raw.id().value())
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    private @Nullable String draft(Actor actor, ConversationId id) {
        return jdbc.sql("select sealed from inbox.draft where officer_id = ? and conversation_id = ?")
                .params(actor.id(), id.value())
                .query((row, n) ->
                        new String(vault.openForTenant(actor, DRAFT, row.getBytes(1)), StandardCharsets.UTF_8))
                .optional()
                .orElse(null);
    }

    private List<OfficerId> present(Actor actor, ConversationId id) {
        return jdbc.sql(
                        "select officer_id from inbox.presence where conversation_id = ? and officer_id <> ? and at > ?")
                .params(id.value(), actor.id(), Timestamp.from(clock.instant().minus(Duration.ofMinutes(1))))
                .query((row, n) -> new OfficerId(row.getObject(1, UUID.class)))
                .list();
    }

    @Override
    public Page<MessageView> messages(Actor actor, ConversationId id, @Nullable String before, int limit) {
        known(before);
        if (!readsWords(actor) || !exists(actor, id)) {
            throw Refusal.notFound().asException();
        }
        return mayRead(actor, id)
                ? transactions.read(actor, () -> messages(actor, raw(actor, id), before, limit))
                : Page.empty();
    }

    private boolean exists(Actor actor, ConversationId id) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select exists (select 1 from inbox.conversation where id = ?)")
                        .param(id.value())
                        .query(Boolean.class)
                        .single());
    }

    /**
     * Notes the reading, in a transaction of its own: asked between transactions, and only when the conversation is
     * within reach, so that guessing leaves no traces.
     */
    private boolean mayRead(Actor actor, ConversationId id) {
        return readings.mayRead(actor, new Subject("conversation", id.value()));
    }

    private record Stored(
            UUID id,
            DataKeyId key,
            MessageView.Direction direction,
            Instant at,
            Audience audience,
            byte @Nullable [] bodyKey,
            byte @Nullable [] body,
            byte @Nullable [] details,
            byte @Nullable [] identity,
            @Nullable DataKeyId contactKey,
            boolean automatic,
            @Nullable OfficerId officer,
            @Nullable OutgoingId outgoing,
            @Nullable Instant editedAt,
            @Nullable Instant deletedAt) {}

    private Page<MessageView> messages(Actor actor, Raw raw, @Nullable String before, int limit) {
        var stored = jdbc.sql("""
                        select m.*, k.data_key_id as contact_key, i.sealed as identity
                        from (
                            select * from inbox.message m
                            where m.conversation_id = :id and (:before::uuid is null or m.id < :before::uuid)
                            order by m.id desc
                            limit :limit) m
                        left join inbox.contact k on k.tenant_id = m.tenant_id and k.id = m.contact_id
                        left join lateral (
                            select nullif(i.sealed, '') as sealed from inbox.contact_identity i
                            where i.tenant_id = m.tenant_id and i.contact_id = m.contact_id
                            limit 1) i on true
                        order by m.id
                        """)
                .param("id", raw.id().value())
                .param("before", before)
                .param("limit", limit + 1)
                .query(DatabaseConversations::stored)
                .list();
        var more = stored.size() > limit;
        // Pages go by arrival; what is shown stands in the order it was said.
        var next = more ? stored.get(1).id().toString() : null;
        var shown = (more ? stored.subList(1, stored.size()) : stored)
                .stream()
                        .sorted(Comparator.comparing(Stored::at).thenComparing(Stored::id))
                        .toList();
        vault.warm(actor, shown.stream().map(Stored::key).toList());
        var ids = shown.stream().map(Stored::id).toArray(UUID[]::new);
        var keys = new HashMap<UUID, DataKeyId>();
        shown.forEach(each -> keys.put(each.id(), each.key()));
        var attached = new HashMap<UUID, List<MessageView.File>>();
        jdbc.sql("""
                        select message_id, position, media_type, size, description_sealed
                        from inbox.message_file
                        where message_id = any(?)
                        order by position
                        """).param(ids).query(row -> {
            var message = row.getObject(1, UUID.class);
            attached.computeIfAbsent(message, key -> new ArrayList<>())
                    .add(new MessageView.File(
                            row.getInt(2),
                            row.getString(3),
                            description(actor, keys.get(message), row.getBytes(5)),
                            row.getLong(4)));
        });
        var earlier = new HashMap<UUID, List<SealedContent>>();
        jdbc.sql("""
                        select message_id, body_key, body_sealed
                        from inbox.message_version
                        where message_id = any(?)
                        order by at
                        """).param(ids).query(row -> {
            earlier.computeIfAbsent(row.getObject(1, UUID.class), key -> new ArrayList<>())
                    .add(new SealedContent(row.getBytes(2), row.getBytes(3)));
        });
        var statuses = outbox.statuses(
                actor,
                shown.stream().map(Stored::outgoing).filter(Objects::nonNull).toList());
        var views = shown.stream()
                .map(each -> view(
                        actor,
                        raw,
                        each,
                        earlier.getOrDefault(each.id(), List.of()),
                        attached.getOrDefault(each.id(), List.of()),
                        each.outgoing() == null ? null : statuses.get(each.outgoing())))
                .toList();
        return new Page<>(views, next);
    }

    private MessageView view(
            Actor actor,
            Raw raw,
            Stored each,
            List<SealedContent> earlier,
            List<MessageView.File> attached,
            @Nullable OutgoingStatus status) {
        var bodyKey = each.bodyKey();
        var body = each.body();
        var text = bodyKey == null || body == null ? null : open(actor, each.key(), new SealedContent(bodyKey, body));
        var sealedDetails = each.details();
        var details = sealedDetails == null
                ? null
                : vault.open(actor, each.key(), Receiving.DETAILS, sealedDetails)
                        .map(bytes -> json.readValue(bytes, Receiving.Details.class))
                        .orElse(null);
        var author = "";
        var identity = each.identity();
        var contactKey = each.contactKey();
        if (identity != null && contactKey != null && !hidesReporter(actor, raw)) {
            author = vault.open(actor, contactKey, Receiving.IDENTITY, identity)
                    .map(bytes -> json.readValue(bytes, Receiving.Identity.class))
                    .map(who -> who.name().isBlank() || who.handle().startsWith("@") ? who.handle() : who.name())
                    .filter(name -> !name.equals("web"))
                    .orElse("");
        }
        return new MessageView(
                new MessageId(each.id()),
                each.direction(),
                each.at(),
                each.audience(),
                author,
                each.officer(),
                each.automatic(),
                text,
                details == null ? null : details.warning(),
                details == null || hidesReporter(actor, raw) ? null : details.url(),
                earlier.stream()
                        .map(content -> open(actor, each.key(), content))
                        .filter(Objects::nonNull)
                        .toList(),
                each.editedAt(),
                each.deletedAt(),
                attached,
                status);
    }

    private @Nullable String description(Actor actor, @Nullable DataKeyId key, byte @Nullable [] sealed) {
        return key == null || sealed == null
                ? null
                : vault.openText(actor, key, "inbox.message_file", sealed).orElse(null);
    }

    private @Nullable String open(Actor actor, DataKeyId key, SealedContent content) {
        return vault.openContent(actor, key, Receiving.BODY, content)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse(null);
    }

    private static Stored stored(ResultSet row, int number) throws SQLException {
        var officer = row.getObject("officer_id", UUID.class);
        var outgoing = row.getObject("outgoing_id", UUID.class);
        var contactKey = row.getObject("contact_key", UUID.class);
        var edited = row.getTimestamp("edited_at");
        var deleted = row.getTimestamp("deleted_at");
        return new Stored(
                row.getObject("id", UUID.class),
                new DataKeyId(row.getObject("data_key_id", UUID.class)),
                MessageView.Direction.valueOf(row.getString("direction")),
                row.getTimestamp("at").toInstant(),
                Audience.valueOf(row.getString("audience")),
                row.getBytes("body_key"),
                row.getBytes("body_sealed"),
                row.getBytes("details_sealed"),
                row.getBytes("identity"),
                contactKey == null ? null : new DataKeyId(contactKey),
                row.getBoolean("automatic"),
                officer == null ? null : new OfficerId(officer),
                outgoing == null ? null : new OutgoingId(outgoing),
                edited == null ? null : edited.toInstant(),
                deleted == null ? null : deleted.toInstant());
    }

    @Override
    public Optional<FileContent> file(Actor actor, ConversationId id, MessageId message, int index) {
        record Row(DataKeyId key, String mediaType, StoredFile file) {}
        if (!readsWords(actor) || !exists(actor, id) || !mayRead(actor, id)) {
            return Optional.empty();
        }
        return transactions.read(actor, () -> {
            raw(actor, id);
            return jdbc.sql("""
                            select m.data_key_id, f.media_type, f.file_name, f.file_key, f.size
                            from inbox.message_file f
                            join inbox.message m on m.tenant_id = f.tenant_id and m.id = f.message_id
                            where f.message_id = ? and f.position = ? and m.conversation_id = ?
                            """)
                    .params(message.value(), index, id.value())
                    .query((row, n) -> new Row(
                            new DataKeyId(row.getObject(1, UUID.class)),
                            row.getString(2),
                            new StoredFile(row.getString(3), row.getBytes(4), row.getLong(5))))
                    .optional()
                    .flatMap(row -> files.read(actor, row.key(), row.file())
                            .map(bytes -> new FileContent(row.mediaType(), bytes, null)));
        });
    }

    // ---- what officers do ---------------------------------------------------------------------------------------

    @Override
    public void markRead(Actor actor, ConversationId id) {
        if (actor.readOnly()) {
            return;
        }
        transactions.run(actor, () -> {
            raw(actor, id);
            jdbc.sql("""
                            insert into inbox.conversation_read (tenant_id, officer_id, conversation_id, read_at)
                            values (?, ?, ?, ?)
                            on conflict (tenant_id, officer_id, conversation_id) do update set read_at = excluded.read_at
                            """)
                    .params(actor.tenant().value(), actor.id(), id.value(), Timestamp.from(clock.instant()))
                    .update();
        });
    }

    @Override
    public Optional<Instant> lastRead(Actor actor, ConversationId id) {
        return transactions.read(actor, () -> {
            raw(actor, id);
            return jdbc.sql("select read_at from inbox.conversation_read where officer_id = ? and conversation_id = ?")
                    .params(actor.id(), id.value())
                    .query((row, n) -> row.getTimestamp(1).toInstant())
                    .optional();
        });
    }

    @Override
    public void assign(Actor actor, ConversationId id, @Nullable OfficerId officer) {
        change(
                actor,
                id,
                "update inbox.conversation set assignee = :value, version = version + 1 where id = :id",
                officer == null ? null : officer.value(),
                "inbox.assigned",
                officer == null ? Map.of() : Map.of("officer", officer.toString()));
    }

    @Override
    public void finish(Actor actor, ConversationId id) {
        change(
                actor,
                id,
                "update inbox.conversation set done = true, waiting_since = null, version = version + 1 where id = :id and :value::uuid is null",
                null,
                "inbox.finished",
                Map.of());
    }

    @Override
    public void reopen(Actor actor, ConversationId id) {
        change(
                actor,
                id,
                "update inbox.conversation set done = false, version = version + 1 where id = :id and :value::uuid is null",
                null,
                "inbox.reopened",
                Map.of());
    }

    private void change(
            Actor actor, ConversationId id, String sql, @Nullable UUID value, String verb, Map<String, String> facts) {
        worksHere(actor);
        transactions.run(actor, () -> {
            raw(actor, id);
            jdbc.sql(sql).param("value", value).param("id", id.value()).update();
            trail.record(actor, TrailEntry.of(verb, "conversation", id.value(), facts));
            told(actor, id, verb);
        });
    }

    private void told(Actor actor, ConversationId id, String what) {
        announcements.changed(actor, List.of(id), what.replace(' ', '-'));
    }

    @Override
    public MessageId note(Actor actor, ConversationId id, String text) {
        worksHere(actor);
        if (text.isBlank()) {
            throw Refusal.invalid("inbox.empty").asException();
        }
        return transactions.write(actor, () -> {
            var raw = raw(actor, id);
            var stored = insert(actor, raw, MessageView.Direction.NOTE, Audience.DIRECT, text.strip(), false, null);
            trail.record(
                    actor,
                    new TrailEntry(
                            "inbox.noted",
                            new Subject("message", stored.id().value()),
                            Map.of("conversation", id.toString()),
                            stored.commitment()));
            told(actor, id, "note");
            return stored.id();
        });
    }

    @Override
    public void saveDraft(Actor actor, ConversationId id, String text) {
        worksHere(actor);
        transactions.run(actor, () -> {
            raw(actor, id);
            if (text.isBlank()) {
                jdbc.sql("delete from inbox.draft where officer_id = ? and conversation_id = ?")
                        .params(actor.id(), id.value())
                        .update();
                return;
            }
            jdbc.sql("""
                            insert into inbox.draft (tenant_id, officer_id, conversation_id, sealed, saved_at)
                            values (?, ?, ?, ?, ?)
                            on conflict (tenant_id, officer_id, conversation_id) do update
                            set sealed = excluded.sealed, saved_at = excluded.saved_at
                            """)
                    .params(
                            actor.tenant().value(),
                            actor.id(),
                            id.value(),
                            vault.sealForTenant(actor, DRAFT, text.getBytes(StandardCharsets.UTF_8)),
                            Timestamp.from(clock.instant()))
                    .update();
        });
    }

    @Override
    public List<OfficerId> present(Actor actor, ConversationId id, boolean writing) {
        if (actor.readOnly()) {
            return List.of();
        }
        return transactions.write(actor, () -> {
            raw(actor, id);
            if (writing) {
                jdbc.sql("""
                                insert into inbox.presence (tenant_id, conversation_id, officer_id, at)
                                values (?, ?, ?, ?)
                                on conflict (tenant_id, conversation_id, officer_id) do update set at = excluded.at
                                """)
                        .params(actor.tenant().value(), id.value(), actor.id(), Timestamp.from(clock.instant()))
                        .update();
            }
            return present(actor, id);
        });
    }

    // ---- answering ----------------------------------------------------------------------------------------------

    @Override
    public MessageId reply(
            Actor actor,
            ConversationId id,
            String target,
            String text,
            String idempotencyKey,
            @Nullable Long seenVersion) {
        worksHere(actor);
        if (text.isBlank()) {
            throw Refusal.invalid("inbox.empty").asException();
        }
        return transactions.write(actor, () -> {
            var raw = locked(actor, id);
            var earlier = earlierReply(id, idempotencyKey);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            if (seenVersion != null && seenVersion < raw.heard()) {
                throw Refusal.conflict("inbox.moved-on").asException();
            }
            var to = targets(raw).stream()
                    .filter(each -> each.code().equals(target))
                    .findFirst()
                    .orElseThrow(() -> Refusal.invalid("inbox.no-such-target").asException());
            if (text.length() > to.maxLength()) {
                throw Refusal.invalid("inbox.too-long", to.maxLength()).asException();
            }
            var message = send(actor, raw, to.audience(), text.strip(), idempotencyKey, false);
            jdbc.sql("""
                            update inbox.conversation
                            set waiting_since = null, version = version + 1, heard_version = version + 1,
                                assignee = coalesce(assignee, :me)
                            where id = :id
                            """)
                    .param("me", actor.kind() == Actor.Kind.OFFICER ? actor.id() : null)
                    .param("id", id.value())
                    .update();
            jdbc.sql("delete from inbox.draft where officer_id = ? and conversation_id = ?")
                    .params(actor.id(), id.value())
                    .update();
            events.publishEvent(new ReplySent(actor.tenant(), id, message, false));
            told(actor, id, "reply");
            return message;
        });
    }

    @Override
    public Optional<MessageId> replyAutomatically(
            Actor actor, ConversationId id, Audience audience, String text, String idempotencyKey) {
        return transactions.write(actor, () -> {
            var raw = locked(actor, id);
            if (earlierReply(id, idempotencyKey).isPresent() || !mayAnswerByItself(raw)) {
                return Optional.empty();
            }
            var message = send(actor, raw, audience, text, idempotencyKey, true);
            told(actor, id, "reply");
            return Optional.of(message);
        });
    }

    /** Never to a machine, and only so often to one person in a day: two machines must not talk to each other. */
    private boolean mayAnswerByItself(Raw raw) {
        return jdbc.sql("""
                        select not c.automated and (
                            select count(*)
                            from inbox.message m
                            join inbox.conversation v on v.tenant_id = m.tenant_id and v.id = m.conversation_id
                            where v.contact_id = c.id and m.automatic and m.at > ?) < ?
                        from inbox.contact c
                        where c.id = ?
                        """)
                .params(
                        Timestamp.from(clock.instant().minus(Duration.ofDays(1))),
                        MOST_RECEIPTS_A_DAY,
                        raw.contact().value())
                .query(Boolean.class)
                .single();
    }

    private Raw locked(Actor actor, ConversationId id) {
        jdbc.sql("select 1 from inbox.conversation where id = ? for update")
                .param(id.value())
                .query((row, n) -> 1)
                .list();
        return raw(actor, id);
    }

    private Optional<MessageId> earlierReply(ConversationId conversation, String key) {
        return jdbc.sql("""
                        select m.id
                        from inbox.message m
                        where m.outgoing_id = ?
                        """)
                .param(outgoingId(conversation, key).value())
                .query((row, n) -> new MessageId(row.getObject(1, UUID.class)))
                .optional();
    }

    /** The same form key always names the same outgoing message, and never one of another conversation. */
    private static OutgoingId outgoingId(ConversationId conversation, String key) {
        return new OutgoingId(UUID.nameUUIDFromBytes(sendKey(conversation, key).getBytes(StandardCharsets.UTF_8)));
    }

    private static String sendKey(ConversationId conversation, String key) {
        return "reply:" + conversation + ":" + key;
    }

    private record LastWords(@Nullable String key, Receiving.@Nullable Identity author) {}

    private MessageId send(Actor actor, Raw raw, Audience audience, String text, String key, boolean automatic) {
        var last = lastWords(actor, raw, audience);
        var outgoing = outgoingId(raw.id(), key);
        var stored = insert(actor, raw, MessageView.Direction.OUT, audience, text, automatic, outgoing);
        var message = stored.id();
        var author = last.author();
        outbox.submit(
                actor,
                new Outgoing(
                        outgoing,
                        raw.account(),
                        sendKey(raw.id(), key),
                        last.key(),
                        author == null ? null : new Outgoing.Recipient(author.key(), author.handle()),
                        audience,
                        text,
                        null,
                        "id",
                        List.of(),
                        message.value()));
        trail.record(
                actor,
                new TrailEntry(
                        automatic ? "inbox.answered-automatically" : "inbox.answered",
                        new Subject("message", message.value()),
                        Map.of("conversation", raw.id().toString(), "audience", audience.name()),
                        stored.commitment()));
        return message;
    }

    /**
     * The newest citizen's message that is still there: what an answer answers, and whom. An answer many can read
     * never answers, and so never shows, what somebody said in private.
     */
    private LastWords lastWords(Actor actor, Raw raw, Audience audience) {
        record Row(DataKeyId key, byte[] details, byte @Nullable [] identity, DataKeyId contactKey) {}
        var row = jdbc.sql("""
                        select m.data_key_id, m.details_sealed, i.sealed, k.data_key_id
                        from inbox.message m
                        join inbox.contact k on k.tenant_id = m.tenant_id and k.id = m.contact_id
                        left join lateral (
                            select nullif(i.sealed, '') as sealed from inbox.contact_identity i
                            where i.tenant_id = m.tenant_id and i.contact_id = m.contact_id
                            limit 1) i on true
                        where m.conversation_id = ? and m.direction = 'IN' and m.details_sealed is not null
                        and (? or m.audience <> 'DIRECT')
                        order by (m.contact_id = ?) desc, m.id desc
                        limit 1
                        """)
                .params(
                        raw.id().value(),
                        audience == Audience.DIRECT,
                        raw.contact().value())
                .query((r, n) -> new Row(
                        new DataKeyId(r.getObject(1, UUID.class)),
                        r.getBytes(2),
                        r.getBytes(3),
                        new DataKeyId(r.getObject(4, UUID.class))))
                .optional()
                .orElse(null);
        if (row == null) {
            return new LastWords(null, null);
        }
        var details = vault.open(actor, row.key(), Receiving.DETAILS, row.details())
                .map(bytes -> json.readValue(bytes, Receiving.Details.class))
                .orElse(null);
        var sealed = row.identity();
        var identity = sealed == null
                ? null
                : vault.open(actor, row.contactKey(), Receiving.IDENTITY, sealed)
                        .map(bytes -> json.readValue(bytes, Receiving.Identity.class))
                        .orElse(null);
        return new LastWords(details == null ? null : details.remoteKey(), identity);
    }

    private record Written(MessageId id, byte[] commitment) {}

    private Written insert(
            Actor actor,
            Raw raw,
            MessageView.Direction direction,
            Audience audience,
            String text,
            boolean automatic,
            @Nullable OutgoingId outgoing) {
        var id = new MessageId(Ids.next());
        var sealed = vault.sealContent(actor, raw.key(), Receiving.BODY, text.getBytes(StandardCharsets.UTF_8));
        var commitment = Receiving.commitment(sealed.sealed());
        jdbc.sql("""
                        insert into inbox.message
                            (tenant_id, id, conversation_id, data_key_id, direction, at, audience, body_key, body_sealed,
                             commitment, automatic, officer_id, outgoing_id)
                        values (:tenant, :id, :conversation, :key, :direction, :at, :audience, :body_key, :body,
                                :commitment, :automatic, :officer, :outgoing)
                        """)
                .param("tenant", actor.tenant().value())
                .param("id", id.value())
                .param("conversation", raw.id().value())
                .param("key", raw.key().value())
                .param("direction", direction.name())
                .param("at", Timestamp.from(clock.instant()))
                .param("audience", audience.name())
                .param("body_key", sealed.key())
                .param("body", sealed.sealed())
                .param("commitment", commitment)
                .param("automatic", automatic)
                .param("officer", actor.kind() == Actor.Kind.OFFICER ? actor.id() : null)
                .param("outgoing", outgoing == null ? null : outgoing.value())
                .update();
        jdbc.sql("""
                        insert into inbox.message_search (tenant_id, message_id, conversation_id, words)
                        values (?, ?, ?, array_to_tsvector(?::text[]))
                        """)
                .params(actor.tenant().value(), id.value(), raw.id().value(), Words.lexemes(text))
                .update();
        return new Written(id, commitment);
    }

    // ---- for casework -------------------------------------------------------------------------------------------

    /**
     * As the system: with the mark of another agency a conversation leaves the reach of the liaison officer who hands
     * it over, which their own transaction may not do.
     */
    @Override
    public void mark(Actor actor, Collection<CaseMark> marks) {
        if (marks.isEmpty()) {
            return;
        }
        var system = Actor.system(actor.tenant(), "inbox");
        var all = List.copyOf(marks);
        transactions.run(system, () -> {
            jdbc.sql("""
                            update inbox.conversation c
                            set case_id = m.case_id, case_number = m.number, case_kind = m.kind, case_state = m.state,
                                agency_id = m.agency, confidential = m.confidential, anonymous = m.anonymous,
                                due_at = m.due, version = c.version + 1
                            from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::uuid[],
                                        ?::boolean[], ?::boolean[], ?::timestamptz[])
                                as m (id, case_id, number, kind, state, agency, confidential, anonymous, due)
                            where c.id = m.id
                            """)
                    .params(
                            all.stream()
                                    .map(mark -> mark.conversation().value())
                                    .toArray(UUID[]::new),
                            all.stream().map(CaseMark::caseId).toArray(UUID[]::new),
                            all.stream().map(CaseMark::publicNumber).toArray(String[]::new),
                            all.stream().map(CaseMark::kind).toArray(String[]::new),
                            all.stream().map(CaseMark::state).toArray(String[]::new),
                            all.stream()
                                    .map(CaseMark::agency)
                                    .map(agency -> agency == null ? null : agency.value())
                                    .toArray(UUID[]::new),
                            all.stream().map(CaseMark::confidential).toArray(Boolean[]::new),
                            all.stream().map(CaseMark::anonymous).toArray(Boolean[]::new),
                            all.stream()
                                    .map(CaseMark::dueAt)
                                    .map(due -> due == null ? null : due.toString())
                                    .toArray(String[]::new))
                    .update();
            announcements.changed(
                    system, all.stream().map(CaseMark::conversation).toList(), "case");
        });
    }

    @Override
    public List<MessageContent> contents(Actor actor, Collection<MessageId> messages) {
        if (actor.kind() != Actor.Kind.SYSTEM) {
            throw Refusal.notFound().asException();
        }
        record Row(
                UUID id,
                UUID conversation,
                UUID contact,
                DataKeyId key,
                Network network,
                AccountId account,
                Audience audience,
                Instant at,
                byte @Nullable [] bodyKey,
                byte @Nullable [] body,
                byte @Nullable [] details) {}
        return transactions.read(actor, () -> {
            var rows = jdbc.sql("""
                            select m.id, m.conversation_id, m.contact_id, m.data_key_id, c.network, c.account_id,
                                   m.audience, m.at, m.body_key, m.body_sealed, m.details_sealed
                            from inbox.message m
                            join inbox.conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
                            where m.id = any(?) and m.body_key is not null
                            order by m.id
                            """)
                    .param(messages.stream().map(MessageId::value).toArray(UUID[]::new))
                    .query((row, n) -> new Row(
                            row.getObject(1, UUID.class),
                            row.getObject(2, UUID.class),
                            row.getObject(3, UUID.class),
                            new DataKeyId(row.getObject(4, UUID.class)),
                            Network.of(row.getString(5)),
                            new AccountId(row.getObject(6, UUID.class)),
                            Audience.valueOf(row.getString(7)),
                            row.getTimestamp(8).toInstant(),
                            row.getBytes(9),
                            row.getBytes(10),
                            row.getBytes(11)))
                    .list();
            vault.warm(actor, rows.stream().map(Row::key).toList());
            var contents = new ArrayList<MessageContent>();
            for (var row : rows) {
                var bodyKey = row.bodyKey();
                var body = row.body();
                var sealedDetails = row.details();
                if (bodyKey == null || body == null || sealedDetails == null) {
                    continue;
                }
                var text = open(actor, row.key(), new SealedContent(bodyKey, body));
                var details = vault.open(actor, row.key(), Receiving.DETAILS, sealedDetails)
                        .map(bytes -> json.readValue(bytes, Receiving.Details.class))
                        .orElse(null);
                if (text != null && details != null) {
                    contents.add(new MessageContent(
                            new MessageId(row.id()),
                            new ConversationId(row.conversation()),
                            new ContactId(row.contact()),
                            row.network(),
                            row.account(),
                            row.audience(),
                            row.at(),
                            text,
                            details.language(),
                            details.hints(),
                            row.key()));
                }
            }
            return contents;
        });
    }

    @Override
    public List<CannedAnswer> cannedAnswers(Actor actor) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select id, title, text from inbox.canned_answer order by title")
                        .query((row, n) ->
                                new CannedAnswer(row.getObject(1, UUID.class), row.getString(2), row.getString(3)))
                        .list());
    }

    @Override
    public CannedAnswer saveCannedAnswer(Actor actor, CannedAnswer answer) {
        if (actor.kind() == Actor.Kind.OFFICER && !actor.hasAny(Role.SUPERVISOR, Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
        transactions.run(actor, () -> {
            jdbc.sql("""
                            insert into inbox.canned_answer (tenant_id, id, title, text)
                            values (?, ?, ?, ?)
                            on conflict (tenant_id, id) do update set title = excluded.title, text = excluded.text
                            """)
                    .params(actor.tenant().value(), answer.id(), answer.title(), answer.text())
                    .update();
            trail.record(actor, TrailEntry.of("inbox.canned-answer-saved", "canned-answer", answer.id()));
        });
        return answer;
    }
}
