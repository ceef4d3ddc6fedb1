// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.Accounts;
import id.kentongan.channel.OutgoingId;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.CaseMark;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.ConversationView;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Draft;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.inbox.PublishedAnswer;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Page;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The shared inbox as its neighbours see it; each kind of work has a room of its own. */
@Component
class DatabaseConversations implements Conversations {
    private final ActorTransactions transactions;
    private final Accounts accounts;
    private final ConversationTable table;
    private final ConversationLists lists;
    private final ConversationRows rows;
    private final MessageReader reader;
    private final Answers answers;
    private final AnswerChanges changes;
    private final AutomaticReplies automatic;
    private final OfficersWork work;
    private final Drafts drafts;
    private final CannedAnswerBook cannedAnswers;
    private final PublishedAnswers publishedAnswers;
    private final CaseMarks marks;
    private final Announcements announcements;

    DatabaseConversations(
            ActorTransactions transactions,
            Accounts accounts,
            ConversationTable table,
            ConversationLists lists,
            ConversationRows rows,
            MessageReader reader,
            Answers answers,
            AnswerChanges changes,
            AutomaticReplies automatic,
            OfficersWork work,
            Drafts drafts,
            CannedAnswerBook cannedAnswers,
            PublishedAnswers publishedAnswers,
            CaseMarks marks,
            Announcements announcements) {
        this.transactions = transactions;
        this.accounts = accounts;
        this.table = table;
        this.lists = lists;
        this.rows = rows;
        this.reader = reader;
        this.answers = answers;
        this.changes = changes;
        this.automatic = automatic;
        this.work = work;
        this.drafts = drafts;
        this.cannedAnswers = cannedAnswers;
        this.publishedAnswers = publishedAnswers;
        this.marks = marks;
        this.announcements = announcements;
    }

    @Override
    public Page<ConversationRow> list(Actor actor, ConversationFilter filter, @Nullable String after, int limit) {
        return lists.list(actor, filter, after, limit);
    }

    @Override
    public Map<Box, Integer> counts(Actor actor) {
        return lists.counts(actor);
    }

    @Override
    public Page<ConversationRow> search(Actor actor, String words, @Nullable String after, int limit) {
        return lists.search(actor, words, after, limit);
    }

    @Override
    public Optional<ContactId> owner(Actor actor, ConversationId id) {
        return InboxAccess.readsWords(actor)
                ? transactions.read(actor, () -> table.find(actor, id).map(StoredConversation::contact))
                : Optional.empty();
    }

    @Override
    public Answerable answerable(Actor actor, ConversationId id, ContactId whom, @Nullable MessageId spoken) {
        return transactions.read(actor, () -> {
            var raw = table.get(actor, id);
            var targets = answers.targets(actor, raw, whom, spoken);
            return new Answerable(raw.network(), targets.open(), targets.closed());
        });
    }

    @Override
    public Spoken spoken(Actor actor, ConversationId id, ContactId whom) {
        return reader.spoken(actor, id, whom);
    }

    @Override
    public String name(Actor actor, ConversationId id, ContactId whom) {
        return InboxAccess.readsWords(actor) && table.exists(actor, id) && reader.mayRead(actor, id)
                ? transactions.read(actor, () -> reader.name(actor, table.get(actor, id), whom))
                : "";
    }

    @Override
    public Optional<ConversationView> accessible(Actor actor, ConversationId id) {
        if (!InboxAccess.readsWords(actor)) {
            return Optional.empty();
        }
        if (!table.exists(actor, id)) {
            return Optional.empty();
        }
        var open = reader.mayRead(actor, id);
        return transactions.read(actor, () -> {
            var raw = table.find(actor, id).orElse(null);
            if (raw == null) {
                return Optional.empty();
            }
            var account = accounts.find(actor, raw.account()).orElseThrow();
            var targets = answers.targets(actor, raw);
            return Optional.of(new ConversationView(
                    rows.row(actor, raw, !open),
                    raw.contact(),
                    account,
                    open ? reader.messages(actor, raw, null, 100) : Page.empty(),
                    targets.open(),
                    targets.closed(),
                    drafts.of(actor, raw.id()),
                    work.present(actor, raw.id()),
                    raw.version()));
        });
    }

    @Override
    public Page<MessageView> messages(Actor actor, ConversationId id, @Nullable String before, int limit) {
        return reader.messages(actor, id, before, limit);
    }

    @Override
    public Optional<FileContent> file(Actor actor, ConversationId id, MessageId message, int index) {
        return reader.file(actor, id, message, index);
    }

    @Override
    public Map<OutgoingId, ConversationId> ofOutgoing(Actor actor, Collection<OutgoingId> answers) {
        return InboxAccess.readsWords(actor) ? table.ofOutgoing(actor, answers) : Map.of();
    }

    @Override
    public void markRead(Actor actor, ConversationId id) {
        work.markRead(actor, id);
    }

    @Override
    public Optional<Instant> lastRead(Actor actor, ConversationId id) {
        return work.lastRead(actor, id);
    }

    @Override
    public void assign(Actor actor, ConversationId id, @Nullable OfficerId officer) {
        work.assign(actor, id, officer);
    }

    @Override
    public void finish(Actor actor, ConversationId id, @Nullable Long seenVersion) {
        work.finish(actor, id, seenVersion);
    }

    @Override
    public void reopen(Actor actor, ConversationId id) {
        work.reopen(actor, id);
    }

    @Override
    public MessageId note(Actor actor, ConversationId id, String text) {
        return work.note(actor, id, text);
    }

    @Override
    public List<Draft> saveDraft(Actor actor, ConversationId id, Draft.Window window, String text) {
        return drafts.save(actor, id, window, text);
    }

    @Override
    public void discardDraft(Actor actor, ConversationId id, Draft.Window window) {
        drafts.discard(actor, id, window);
    }

    @Override
    public void useDraft(Actor actor, ConversationId id, UUID window) {
        drafts.use(actor, id, window);
    }

    @Override
    public List<OfficerId> present(Actor actor, ConversationId id, boolean writing) {
        return work.present(actor, id, writing);
    }

    @Override
    public MessageId reply(
            Actor actor,
            ConversationId id,
            String target,
            String text,
            String idempotencyKey,
            @Nullable Long seenVersion,
            @Nullable ContactId to,
            List<Picture> pictures) {
        return answers.reply(actor, id, target, text, idempotencyKey, seenVersion, to, pictures);
    }

    @Override
    public Optional<MessageView> message(Actor actor, ConversationId id, MessageId message) {
        return reader.message(actor, id, message);
    }

    @Override
    public void correct(Actor actor, ConversationId id, MessageId message, String text, int seenWordings) {
        changes.correct(actor, id, message, text, seenWordings);
    }

    @Override
    public void withdraw(Actor actor, ConversationId id, MessageId message) {
        changes.withdraw(actor, id, message);
    }

    @Override
    public Map<AutomaticReply, MessageId> replyAutomatically(Actor actor, Collection<AutomaticReply> replies) {
        return automatic.send(actor, replies);
    }

    @Override
    public Set<ConversationId> keep(Actor actor, Collection<ConversationId> ids) {
        return transactions.write(actor, () -> table.keep(ids));
    }

    @Override
    public void mark(Actor actor, Collection<CaseMark> all) {
        marks.mark(actor, all);
    }

    @Override
    public void announce(Actor actor, Collection<ConversationId> ids, String what) {
        transactions.run(
                Actor.system(actor.tenant(), "inbox"),
                () -> announcements.changed(Actor.system(actor.tenant(), "inbox"), ids, what));
    }

    @Override
    public boolean readsAny(Actor actor, Collection<ConversationId> ids) {
        return !ids.isEmpty() && InboxAccess.readsWords(actor) && transactions.read(actor, () -> table.existsAny(ids));
    }

    @Override
    public List<MessageContent> contents(Actor actor, Collection<MessageId> messages) {
        return reader.contents(actor, messages);
    }

    @Override
    public Page<PublishedAnswer> published(Actor actor, @Nullable String before, int limit) {
        return publishedAnswers.newest(actor, before, limit);
    }

    @Override
    public List<CannedAnswer> cannedAnswers(Actor actor) {
        return cannedAnswers.all(actor);
    }

    @Override
    public CannedAnswer saveCannedAnswer(Actor actor, CannedAnswer answer) {
        return cannedAnswers.save(actor, answer);
    }

    @Override
    public void removeCannedAnswer(Actor actor, UUID id) {
        cannedAnswers.remove(actor, id);
    }
}
