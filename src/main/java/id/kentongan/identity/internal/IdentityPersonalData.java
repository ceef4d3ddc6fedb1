// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.kernel.PersonalDataHolder;
import id.kentongan.kernel.PersonalField;
import id.kentongan.kernel.PersonalField.Kind;
import id.kentongan.kernel.PersonalField.Protection;
import java.util.List;
import org.springframework.stereotype.Component;

@Component
class IdentityPersonalData implements PersonalDataHolder {
    @Override
    public List<PersonalField> personalFields() {
        var office = "While the officer serves; the name stays in the trail as that of a public official.";
        return List.of(
                new PersonalField("identity.officer", "name", Kind.OFFICER, Protection.CLEAR, office),
                new PersonalField("identity.officer", "mail_sealed", Kind.MAIL, Protection.SEALED_BY_TENANT, office),
                new PersonalField("identity.officer", "mail_hash", Kind.MAIL, Protection.KEYED_HASH, office),
                new PersonalField(
                        "identity.officer", "password_hash", Kind.CREDENTIAL, Protection.ONE_WAY_HASH, office),
                new PersonalField(
                        "identity.officer", "totp_sealed", Kind.CREDENTIAL, Protection.SEALED_BY_TENANT, office),
                new PersonalField(
                        "identity.recovery_code", "code_hash", Kind.CREDENTIAL, Protection.ONE_WAY_HASH, office),
                new PersonalField(
                        "identity.invitation", "token_hash", Kind.CREDENTIAL, Protection.ONE_WAY_HASH, "72 hours"),
                new PersonalField(
                        "identity.sign_in_attempt",
                        "key_hash",
                        Kind.HANDLE,
                        Protection.KEYED_HASH,
                        "Until the next success"),
                // Beside it a session holds ids only, and secrets on their way to a page, sealed too.
                new PersonalField(
                        "machinery.spring_session_attributes",
                        "attribute_bytes",
                        Kind.OFFICER,
                        Protection.SEALED_BY_TENANT,
                        "Browser and system, until the session ends: two hours unused, signed out, or ended."));
    }
}
