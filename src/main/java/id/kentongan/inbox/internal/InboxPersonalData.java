// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.kernel.PersonalDataHolder;
import id.kentongan.kernel.PersonalField;
import id.kentongan.kernel.PersonalField.Kind;
import id.kentongan.kernel.PersonalField.Protection;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

@Component
class InboxPersonalData implements PersonalDataHolder {
    @Override
    public List<PersonalField> personalFields() {
        var fields = new ArrayList<PersonalField>();
        var contact = Protection.SEALED_BY_CONTACT;
        add(fields, "contact_identity", "sealed", Kind.HANDLE, contact);
        add(fields, "contact_identity", "key_hash", Kind.HANDLE, Protection.KEYED_HASH);
        add(fields, "contact_identity", "handle_hash", Kind.HANDLE, Protection.KEYED_HASH);
        add(fields, "conversation", "preview_sealed", Kind.WORDS, contact);
        add(fields, "conversation", "thread_hash", Kind.HANDLE, Protection.KEYED_HASH);
        add(fields, "message", "key_hash", Kind.HANDLE, Protection.KEYED_HASH);
        add(fields, "message", "parent_hash", Kind.HANDLE, Protection.KEYED_HASH);
        add(fields, "message", "body_key", Kind.WORDS, contact);
        add(fields, "message", "body_sealed", Kind.WORDS, contact);
        add(fields, "message", "details_sealed", Kind.WORDS, contact);
        add(fields, "message", "commitment", Kind.WORDS, Protection.ONE_WAY_HASH);
        add(fields, "message_version", "body_key", Kind.WORDS, contact);
        add(fields, "message_version", "body_sealed", Kind.WORDS, contact);
        add(fields, "message_file", "file_key", Kind.ATTACHMENT, contact);
        add(fields, "message_file", "description_sealed", Kind.ATTACHMENT, contact);
        fields.add(new PersonalField(
                "inbox.contact_evidence",
                "value_hash",
                Kind.PHONE,
                Protection.KEYED_HASH,
                "Until the form it was left in is deleted, or the contact erased."));
        add(fields, "pending_change", "target_hash", Kind.HANDLE, Protection.KEYED_HASH);
        add(fields, "pending_change", "author_hash", Kind.HANDLE, Protection.KEYED_HASH);
        fields.add(new PersonalField(
                "inbox.pending_change",
                "sealed",
                Kind.WORDS,
                Protection.SEALED_BY_TENANT,
                "Thirty days, or until its message comes or is deleted."));
        fields.add(new PersonalField(
                "inbox.left_author",
                "key_hash",
                Kind.HANDLE,
                Protection.KEYED_HASH,
                "Half a year, so that what they erased does not come back."));
        add(fields, "waiting_message", "key_hash", Kind.HANDLE, Protection.KEYED_HASH);
        add(fields, "waiting_message", "parent_hash", Kind.HANDLE, Protection.KEYED_HASH);
        add(fields, "waiting_message", "author_hash", Kind.HANDLE, Protection.KEYED_HASH);
        fields.add(new PersonalField(
                "inbox.waiting_message",
                "sealed",
                Kind.WORDS,
                Protection.SEALED_BY_TENANT,
                "Thirty days, or until it is the context of a conversation, its deletion, or its author's."));
        fields.add(new PersonalField(
                "inbox.message_search",
                "words",
                Kind.WORDS,
                Protection.KEYED_HASH,
                "Single words without order, for searching; gone with the message."));
        add(fields, "draft", "sealed", Kind.WORDS, Protection.SEALED_BY_TENANT);
        return fields;
    }

    private static void add(List<PersonalField> fields, String table, String column, Kind kind, Protection protection) {
        var until = "Until the contact is erased, the message deleted, or the case's retention ends.";
        fields.add(new PersonalField("inbox." + table, column, kind, protection, until));
    }
}
