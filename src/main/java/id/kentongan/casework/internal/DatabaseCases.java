// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.casework.CaseFilter;
import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CasePlace;
import id.kentongan.casework.CaseRow;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.Cases;
import id.kentongan.casework.Performance;
import id.kentongan.casework.PressingCase;
import id.kentongan.casework.PublicCase;
import id.kentongan.channel.Attachment;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.TenantId;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Cases as the neighbours see them; each kind of work has a room of its own. */
@Component
class DatabaseCases implements Cases {
    private final CaseReader reader;
    private final CaseVerbs verbs;
    private final CaseDetours detours;
    private final PublicCases published;
    private final CaseNumbers numbers;

    DatabaseCases(CaseReader reader, CaseVerbs verbs, CaseDetours detours, PublicCases published, CaseNumbers numbers) {
        this.reader = reader;
        this.verbs = verbs;
        this.detours = detours;
        this.published = published;
        this.numbers = numbers;
    }

    @Override
    public Page<CaseRow> list(Actor actor, CaseFilter filter, @Nullable String after, int limit) {
        return reader.list(actor, filter, after, limit);
    }

    @Override
    public Optional<CaseView> accessible(Actor actor, CaseId id) {
        return reader.accessible(actor, id);
    }

    @Override
    public Optional<CaseView> ofConversation(Actor actor, ConversationId conversation) {
        return reader.ofConversation(actor, conversation);
    }

    @Override
    public List<CaseRow> ofReporters(Actor actor, Collection<ContactId> reporters, int limit) {
        return reader.ofReporters(actor, reporters, limit);
    }

    @Override
    public CaseId open(Actor actor, ConversationId conversation, CaseKind kind, @Nullable AgencyId agency) {
        return verbs.open(actor, conversation, kind, agency);
    }

    @Override
    public void verify(Actor actor, CaseId id, CaseKind kind, long version) {
        verbs.verify(actor, id, kind, version);
    }

    @Override
    public void forward(Actor actor, CaseId id, AgencyId to, String note, long version) {
        verbs.forward(actor, id, to, note, version);
    }

    @Override
    public List<CasePlace> places(Actor actor, CaseId id) {
        return reader.places(actor, id);
    }

    @Override
    public void answer(Actor actor, CaseId id, Answer answer) {
        verbs.answer(actor, id, answer);
    }

    @Override
    public void giveBack(Actor actor, CaseId id, String reason, long version) {
        detours.giveBack(actor, id, reason, version);
    }

    @Override
    public void postpone(Actor actor, CaseId id, String reason, LocalDate until, long version) {
        detours.postpone(actor, id, reason, until, version);
    }

    @Override
    public void resume(Actor actor, CaseId id, long version) {
        detours.resume(actor, id, version);
    }

    @Override
    public void refer(Actor actor, CaseId id, String suggestion, long version) {
        detours.refer(actor, id, suggestion, version);
    }

    @Override
    public void archive(Actor actor, CaseId id, String reason, String note, boolean tell, long version) {
        detours.archive(actor, id, reason, note, tell, version);
    }

    @Override
    public void close(Actor actor, CaseId id, String reason, long version) {
        verbs.close(actor, id, reason, version);
    }

    @Override
    public void reopen(Actor actor, CaseId id, String reason) {
        verbs.reopen(actor, id, reason);
    }

    @Override
    public Optional<PublicCase> byPublicNumber(Actor actor, String publicNumber) {
        return published.byPublicNumber(actor, publicNumber);
    }

    @Override
    public Optional<ReporterCase> bySecret(TenantId tenant, String secret) {
        return published.bySecret(tenant, secret);
    }

    @Override
    public Optional<Conversations.FileContent> file(TenantId tenant, String secret, MessageId message, int index) {
        return published.file(tenant, secret, message, index);
    }

    @Override
    public void add(TenantId tenant, String secret, String text, List<Attachment> files, String idempotencyKey) {
        published.add(tenant, secret, text, files, idempotencyKey);
    }

    @Override
    public List<PressingCase> pressing(Actor actor, int limit) {
        return numbers.pressing(actor, limit);
    }

    @Override
    public Performance performance(Actor actor, LocalDate from, LocalDate to) {
        return numbers.performance(actor, from, to);
    }
}
