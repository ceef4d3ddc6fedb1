// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site;

import java.util.List;
import java.util.Locale;

/**
 * The languages people can read us in. Indonesian unless a person chose another by {@code ?lang=}, which a
 * cookie then remembers; the browser's own preference is not followed, because many phones in the villages are
 * set to a language their owner does not read.
 */
public final class Languages {
    public static final Locale INDONESIAN = Locale.forLanguageTag("id");
    public static final Locale ENGLISH = Locale.forLanguageTag("en");

    private static final List<Locale> ALL = List.of(INDONESIAN, ENGLISH);

    private Languages() {}

    /** The default first. */
    public static List<Locale> all() {
        return ALL;
    }

    /** The supported language nearest to the wanted one. */
    public static Locale nearest(Locale wanted) {
        return ALL.stream()
                .filter(l -> l.getLanguage().equals(wanted.getLanguage()))
                .findFirst()
                .orElse(INDONESIAN);
    }
}
