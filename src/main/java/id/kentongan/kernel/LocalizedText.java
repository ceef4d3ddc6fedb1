// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

import java.util.Locale;
import java.util.Map;

/** A text kept in several languages as data (an agency's name, a rule's title); Indonesian is always there. */
public record LocalizedText(Map<String, String> byLanguage) {
    public LocalizedText {
        byLanguage = Map.copyOf(byLanguage);
        if (!byLanguage.containsKey("id")) {
            throw new IllegalArgumentException("A localized text needs its Indonesian form");
        }
    }

    public static LocalizedText of(String indonesian, String english) {
        return new LocalizedText(Map.of("id", indonesian, "en", english));
    }

    public static LocalizedText indonesian(String text) {
        return new LocalizedText(Map.of("id", text));
    }

    /** The text in the wanted language, or in Indonesian. */
    public String in(Locale locale) {
        var wanted = byLanguage.get(locale.getLanguage());
        return wanted != null ? wanted : byLanguage.getOrDefault("id", "");
    }
}
