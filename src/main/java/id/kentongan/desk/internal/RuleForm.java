// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.RoutingRule;
import id.kentongan.kernel.Ids;
import id.kentongan.site.FormErrors;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A routing rule as typed.
 *
 * @param words one a line
 * @param from, until ISO days
 */
record RuleForm(
        @Nullable String title,
        @Nullable String words,
        @Nullable String network,
        @Nullable String district,
        @Nullable String kind,
        @Nullable String category,
        @Nullable String agency,
        @Nullable String source,
        @Nullable String from,
        @Nullable String until) {
    private static final int LONGEST_LINE = 200;
    private static final int MOST_WORDS = 200;

    static RuleForm empty(LocalDate today) {
        return new RuleForm("", "", "", "", "", "", "", "", today.toString(), "");
    }

    static RuleForm of(RoutingRule rule) {
        var network = rule.network();
        var kind = rule.kind();
        var agency = rule.agency();
        var until = rule.effectiveTo();
        return new RuleForm(
                rule.title(),
                String.join("\n", rule.words()),
                network == null ? "" : network.code(),
                rule.district(),
                kind == null ? "" : kind.code(),
                rule.category(),
                agency == null ? "" : agency.toString(),
                rule.source(),
                rule.effectiveFrom().toString(),
                until == null ? "" : until.toString());
    }

    /**
     * The rule as typed, or null with the errors said.
     *
     * @param before the rule that is changed, or null
     * @param last where a new rule stands
     */
    @Nullable
    RoutingRule read(@Nullable RoutingRule before, IntSupplier last, FormErrors errors) {
        var named = line(title);
        var grounds = line(source);
        if (named.isEmpty()) {
            errors.add("title", "desk.rules.no-title");
        }
        if (grounds.isEmpty()) {
            errors.add("source", "desk.rules.no-source");
        }
        var first = day(from, "from", errors);
        var end = or(until).isBlank() ? null : day(until, "until", errors);
        if (first == null && errors.of("from") == null) {
            errors.add("from", "desk.rules.no-day");
        }
        if (first != null && end != null && end.isBefore(first)) {
            errors.add("until", "casework.rule-ends-before");
        }
        if (errors.any() || first == null) {
            return null;
        }
        return new RoutingRule(
                before == null ? Ids.next() : before.id(),
                before == null ? last.getAsInt() : before.order(),
                named,
                eachWord(),
                RoutingWords.network(network),
                RoutingWords.blank(district),
                RoutingWords.blank(kind) == null ? null : Access.parsed(or(kind), CaseKind::of),
                RoutingWords.blank(line(category)),
                Access.agency(agency),
                grounds,
                first,
                end);
    }

    private List<String> eachWord() {
        return Arrays.stream(or(words).split("[\\r\\n,]+"))
                .map(RuleForm::line)
                .filter(each -> !each.isEmpty())
                .distinct()
                .limit(MOST_WORDS)
                .toList();
    }

    private static @Nullable LocalDate day(@Nullable String text, String field, FormErrors errors) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return LocalDate.parse(text.strip());
        } catch (DateTimeParseException e) {
            errors.add(field, "desk.rules.no-day");
            return null;
        }
    }

    private static String line(@Nullable String text) {
        var line = text == null ? "" : text.replaceAll("\\s+", " ").strip();
        return line.substring(0, Math.min(line.length(), LONGEST_LINE));
    }

    private static String or(@Nullable String value) {
        return value == null ? "" : value;
    }
}
