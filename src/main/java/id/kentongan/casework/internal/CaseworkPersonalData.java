// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.kernel.PersonalDataHolder;
import id.kentongan.kernel.PersonalField;
import id.kentongan.kernel.PersonalField.Kind;
import id.kentongan.kernel.PersonalField.Protection;
import java.util.List;
import org.springframework.stereotype.Component;

@Component
class CaseworkPersonalData implements PersonalDataHolder {
    @Override
    public List<PersonalField> personalFields() {
        var until = "Until the contact is erased or the case's retention ends.";
        return List.of(
                new PersonalField("casework.case", "title_sealed", Kind.WORDS, Protection.SEALED_BY_CONTACT, until),
                new PersonalField("casework.case", "place_sealed", Kind.PLACE, Protection.SEALED_BY_CONTACT, until),
                new PersonalField("casework.rating", "word_sealed", Kind.WORDS, Protection.SEALED_BY_CONTACT, until),
                new PersonalField(
                        "casework.timeline",
                        "text_sealed",
                        Kind.WORDS,
                        Protection.SEALED_BY_TENANT,
                        "The office's own words; as long as the case, also when the reporter is erased."),
                new PersonalField(
                        "casework.task",
                        "title_sealed",
                        Kind.WORDS,
                        Protection.SEALED_BY_TENANT,
                        "The office's own words; as long as the case."),
                new PersonalField(
                        "casework.task",
                        "created_by",
                        Kind.OFFICER,
                        Protection.CLEAR,
                        "The name of the official who gave it; as long as the case."),
                new PersonalField(
                        "casework.task",
                        "done_by",
                        Kind.OFFICER,
                        Protection.CLEAR,
                        "The name of the official who did it; as long as the case."),
                new PersonalField(
                        "casework.timeline",
                        "by_name",
                        Kind.OFFICER,
                        Protection.CLEAR,
                        "The name of the official who acted, never shown in public; as long as the case."),
                new PersonalField(
                        "casework.secret_link", "token_hash", Kind.CREDENTIAL, Protection.ONE_WAY_HASH, until));
    }
}
