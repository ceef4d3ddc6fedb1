// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.identity.Officer;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.site.FormErrors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an administrator writes about an officer, as it came. */
record OfficerForm(String name, String mail, String agency, List<String> roles, boolean circle) {
    static final int LONGEST_NAME = 100;

    private static final Pattern MAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");
    private static final Map<String, String> FIELDS = Map.of(
            "identity.mail-taken", "mail",
            "identity.agency-needed", "agency",
            "identity.role-needed", "roles",
            "identity.auditor-alone", "roles",
            "identity.own-administration", "roles",
            "identity.own-roles", "roles");

    static OfficerForm empty() {
        return new OfficerForm("", "", "", List.of(), false);
    }

    static OfficerForm of(Officer officer) {
        return new OfficerForm(
                officer.name(),
                "",
                officer.agency().toString(),
                officer.roles().stream().map(Role::name).sorted().toList(),
                officer.circle());
    }

    static OfficerForm sent(
            String name, String mail, String agency, @Nullable List<String> roles, @Nullable String circle) {
        return new OfficerForm(
                name.strip(), mail.strip(), agency, roles == null ? List.of() : List.copyOf(roles), circle != null);
    }

    /** @param invited whether the mail address is asked for; it stays what it was afterwards */
    FormErrors errors(boolean invited) {
        var errors = FormErrors.none();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            errors.add("name", "identity.name-needed", LONGEST_NAME);
        }
        if (invited && (mail.length() > 254 || !MAIL.matcher(mail).matches())) {
            errors.add("mail", "identity.mail-needed");
        }
        if (agency.isEmpty()) {
            errors.add("agency", "identity.agency-needed");
        }
        if (wanted().isEmpty()) {
            errors.add("roles", "identity.role-needed");
        }
        return errors;
    }

    AgencyId in() {
        return parsed(agency);
    }

    static AgencyId parsed(String id) {
        try {
            return AgencyId.parse(id);
        } catch (IllegalArgumentException e) {
            throw Refusal.notFound().asException();
        }
    }

    Set<Role> wanted() {
        return Arrays.stream(Role.values())
                .filter(each -> roles.contains(each.name()))
                .collect(Collectors.toSet());
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
