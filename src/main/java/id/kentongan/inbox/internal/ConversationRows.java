// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.inbox.CaseMark;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/** Opens conversations into the rows the lists show. */
@Component
class ConversationRows {
    private final Vault vault;
    private final ObjectMapper json;

    ConversationRows(Vault vault, ObjectMapper json) {
        this.vault = vault;
        this.json = json;
    }

    List<ConversationRow> rows(Actor actor, List<StoredConversation> raws) {
        var keys = new ArrayList<DataKeyId>();
        raws.forEach(raw -> {
            keys.add(raw.key());
            keys.add(raw.contactKey());
        });
        vault.warm(actor, keys);
        return raws.stream()
                .map(raw -> row(actor, raw, InboxAccess.masked(actor)))
                .toList();
    }

    ConversationRow row(Actor actor, StoredConversation raw, boolean masked) {
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
                masked || InboxAccess.hidesReporter(actor, raw) ? "" : name(actor, raw),
                raw.lastAt(),
                raw.waitingSince(),
                raw.unread(),
                raw.done(),
                raw.assignee(),
                raw.agency(),
                mark(raw));
    }

    private String name(Actor actor, StoredConversation raw) {
        var sealed = raw.identity();
        return sealed == null
                ? ""
                : vault.open(actor, raw.contactKey(), Receiving.IDENTITY, sealed)
                        .map(bytes -> json.readValue(bytes, Receiving.Identity.class))
                        .map(Receiving.Identity::shown)
                        .orElse("");
    }

    private static @Nullable CaseMark mark(StoredConversation raw) {
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
}
