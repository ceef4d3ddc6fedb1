// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import org.springframework.context.i18n.LocaleContextHolder;

/** Numbers as people of each language write them. In templates {@code @numbers}. */
public class Numbers {
    /** Of what waits, nobody needs to know how much more there is, and counting it costs. */
    public static final int MOST_COUNTED = 1000;

    /** "1.284" in Indonesian, "1,284" in English. */
    public String whole(long number) {
        return format("#,##0", BigDecimal.valueOf(number));
    }

    /** The same of what is counted so far and no further: "1.000+" where there is more. */
    public String counted(long number) {
        return number > MOST_COUNTED ? whole(MOST_COUNTED) + "+" : whole(number);
    }

    /** "88,6 %" in Indonesian (a space that does not break), "88.6%" in English; a dash where there is no whole. */
    public String percent(long part, long whole) {
        if (whole == 0) {
            return "–";
        }
        var share = BigDecimal.valueOf(part * 100).divide(BigDecimal.valueOf(whole), 1, RoundingMode.HALF_UP);
        var number = format("#,##0.#", share);
        return locale().getLanguage().equals("en") ? number + "%" : number + "\u00A0%";
    }

    /** "4,2" in Indonesian, "4.2" in English. */
    public String tenths(double number) {
        return format("#,##0.0", BigDecimal.valueOf(number).setScale(1, RoundingMode.HALF_UP));
    }

    /** "2,1 MB", counted in thousands as phones do. */
    public String bytes(long bytes) {
        if (bytes < 1_000_000) {
            return whole(Math.max(1, Math.round(bytes / 1000.0))) + "\u00A0kB";
        }
        return format("#,##0.#", BigDecimal.valueOf(bytes / 1_000_000.0)) + "\u00A0MB";
    }

    /** A share for a chart's width, "83.14%", with a point in every language. */
    public String width(long part, long whole) {
        return whole == 0 ? "0%" : String.format(Locale.ROOT, "%.2f%%", 100.0 * part / whole);
    }

    private static String format(String pattern, BigDecimal number) {
        return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(formatLocale())).format(number);
    }

    private static Locale locale() {
        return Languages.nearest(LocaleContextHolder.getLocale());
    }

    private static Locale formatLocale() {
        return locale().getLanguage().equals("en") ? Locale.UK : Locale.forLanguageTag("id-ID");
    }
}
