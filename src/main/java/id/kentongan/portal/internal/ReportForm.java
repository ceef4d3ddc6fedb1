// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import id.kentongan.casework.Regions;
import id.kentongan.site.FormErrors;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a citizen filled in, as it came; checked before it is sent on. Every field may be missing. */
record ReportForm(
        @Nullable String key,
        @Nullable String kind,
        @Nullable String text,
        @Nullable String district,
        @Nullable String village,
        @Nullable String landmark,
        @Nullable String lat,
        @Nullable String lon,
        @Nullable String identity,
        @Nullable String name,
        @Nullable String contact,
        @Nullable String website) {
    static final int LONGEST = 4000;
    /** Left open: the rules and the officers say what it is. */
    static final String UNSURE = "unsure";

    static final List<String> KINDS =
            List.of("complaint", "aspiration", "information-request", "whistle-blowing", UNSURE);
    private static final Set<String> IDENTITIES = Set.of("open", "anonymous", "confidential");

    static ReportForm empty() {
        return new ReportForm(SecretLink.newKey(), null, null, null, null, null, null, null, null, null, null, null);
    }

    /** The same form with a key that is one, so that an odd request cannot choose a weak secret. */
    ReportForm withKey() {
        return key != null && SecretLink.isKey(key)
                ? this
                : new ReportForm(
                        SecretLink.newKey(),
                        kind,
                        text,
                        district,
                        village,
                        landmark,
                        lat,
                        lon,
                        identity,
                        name,
                        contact,
                        website);
    }

    FormErrors check(List<Regions.District> districts) {
        var errors = FormErrors.none();
        if (!blank(kind) && !KINDS.contains(kind)) {
            errors.add("kind", "portal.report.kind-unknown");
        }
        if (blank(text) || words().length() < 10) {
            errors.add("text", "portal.report.text-missing");
        } else if (words().length() > LONGEST) {
            errors.add("text", "portal.report.text-too-long", LONGEST);
        }
        var chosen = districts.stream().filter(d -> d.code().equals(district)).findFirst();
        if (!blank(district) && chosen.isEmpty()) {
            errors.add("district", "portal.report.district-unknown");
        }
        if (!blank(village) && villageDistrict(districts) == null) {
            errors.add("village", "portal.report.village-unknown");
        } else if (!blank(village) && chosen.isPresent() && !chosen.get().equals(villageDistrict(districts))) {
            errors.add("village", "portal.report.village-elsewhere");
        }
        if (longer(landmark, 200)) {
            errors.add("landmark", "portal.report.too-long", 200);
        }
        if (identity == null || !IDENTITIES.contains(identity)) {
            errors.add("identity", "portal.report.identity-missing");
        }
        if (longer(name, 100)) {
            errors.add("name", "portal.report.too-long", 100);
        }
        if (longer(contact, 200)) {
            errors.add("contact", "portal.report.too-long", 200);
        } else if (contact != null
                && !contact.isBlank()
                && !contact.strip().matches("[^@\\s]+@[^@\\s]+\\.[^@\\s]+|\\+?[0-9 ().-]{8,20}")) {
            errors.add("contact", "portal.report.contact-odd");
        }
        if (!blank(website)) {
            errors.add("website", "portal.report.trap");
        }
        return errors;
    }

    /** The text with the line ends of every system made one, so that its length is the one people see. */
    String words() {
        return text == null ? "" : text.replace("\r\n", "\n").strip();
    }

    /** The kind that was chosen, or null when it was left open. */
    @Nullable
    String chosenKind() {
        return blank(kind) || UNSURE.equals(kind) ? null : kind;
    }

    /** The district the chosen village lies in, or null. */
    Regions.@Nullable District villageDistrict(List<Regions.District> districts) {
        return districts.stream()
                .filter(d -> d.villages().stream().anyMatch(v -> v.code().equals(village)))
                .findFirst()
                .orElse(null);
    }

    /** For the page too, hence public. Whether the pin's two numbers are a place on earth; a script set them, so anything may be there. */
    public boolean hasPin() {
        try {
            return lat != null
                    && lon != null
                    && Math.abs(Double.parseDouble(lat)) <= 90
                    && Math.abs(Double.parseDouble(lon)) <= 180;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    static boolean blank(@Nullable String value) {
        return value == null || value.isBlank();
    }

    private static boolean longer(@Nullable String value, int most) {
        return value != null && value.strip().length() > most;
    }
}
