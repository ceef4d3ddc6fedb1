// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.identity.Agency;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.FormErrors;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an administrator writes about an agency, as it came. */
record AgencyForm(String code, String name, String shortName, String duties, String parent) {
    static final int LONGEST_NAME = 120;
    static final int LONGEST_SHORT_NAME = 40;
    static final int LONGEST_DUTIES = 200;

    private static final Pattern CODE = Pattern.compile("[a-z0-9][a-z0-9-]{1,29}");
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
        if (wrong(name, LONGEST_NAME)) {
            errors.add("name", "identity.agency-name-needed", LONGEST_NAME);
        }
        if (wrong(shortName, LONGEST_SHORT_NAME)) {
            errors.add("shortName", "identity.agency-short-name-needed", LONGEST_SHORT_NAME);
        }
        if (!CODE.matcher(code).matches()) {
            errors.add("code", "identity.agency-code-needed");
        }
        if (wrong(duties, LONGEST_DUTIES)) {
            errors.add("duties", "identity.agency-duties-needed", LONGEST_DUTIES);
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
