// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.identity.Agency;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.FormErrors;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an administrator writes about an agency, as it came. */
record AgencyForm(String code, String name, String shortName, String duties, String parent) {
    private static final Map<String, String> FIELDS = Map.of(
            "identity.agency-code-taken", "code",
            "identity.agency-below-itself", "parent",
            "identity.agency-needed", "parent");

    static AgencyForm below(String parent) {
        return new AgencyForm("", "", "", "", parent);
    }

    static AgencyForm of(Agency agency) {
        var parent = agency.parent();
        return new AgencyForm(
                agency.code(),
                agency.name(),
                agency.shortName(),
                agency.duties(),
                parent == null ? "" : parent.toString());
    }

    static AgencyForm sent(String code, String name, String shortName, String duties, String parent) {
        return new AgencyForm(code.strip(), name.strip(), shortName.strip(), duties.strip(), parent);
    }

    FormErrors errors() {
        var errors = FormErrors.none();
        if (wrong(name, Agency.LONGEST_NAME)) {
            errors.add("name", "identity.agency-name-needed", Agency.LONGEST_NAME);
        }
        if (wrong(shortName, Agency.LONGEST_SHORT_NAME)) {
            errors.add("shortName", "identity.agency-short-name-needed", Agency.LONGEST_SHORT_NAME);
        }
        if (!Agency.isCode(code)) {
            errors.add("code", "identity.agency-code-needed");
        }
        if (wrong(duties, Agency.LONGEST_DUTIES)) {
            errors.add("duties", "identity.agency-duties-needed", Agency.LONGEST_DUTIES);
        }
        return errors;
    }

    private static boolean wrong(String text, int longest) {
        return text.isEmpty() || text.length() > longest;
    }

    Agency as(AgencyId id, boolean active) {
        return new Agency(id, above(), code, name, shortName, duties, active);
    }

    private @Nullable AgencyId above() {
        return parent.isEmpty() ? null : OfficerForm.parsed(parent);
    }

    /** A refusal beside the field it is about; one about none of them is no matter of this form. */
    static FormErrors beside(RefusalException refused) {
        var refusal = refused.refusal();
        var field = FIELDS.get(refusal.code());
        if (field == null) {
            throw refused;
        }
        return FormErrors.none().add(field, refusal.code(), refusal.arguments().toArray());
    }
}
