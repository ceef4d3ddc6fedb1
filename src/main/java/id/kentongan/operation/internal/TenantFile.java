// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.Categories;
import id.kentongan.channel.Network;
import id.kentongan.identity.Agency;
import id.kentongan.inbox.Conversations.CannedAnswer;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.operation.internal.Table.Column;
import id.kentongan.operation.internal.Table.Line;
import id.kentongan.operation.internal.Table.Place;
import id.kentongan.operation.internal.Table.Problem;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a file says about a government, each row looked at by itself and beside the others. */
final class TenantFile {
    private static final Pattern MAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");
    private static final Pattern ISO = Pattern.compile("(\\d{4})-(\\d{1,2})-(\\d{1,2})");
    private static final Pattern LOCAL = Pattern.compile("(\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{4})");
    private static final int LONGEST_PERSON = 100;
    private static final int LONGEST_MAIL = 254;
    private static final int LONGEST_LINE = 200;
    private static final int MOST_WORDS = 200;

    /** Names people give to roles, kinds and networks, in both languages. */
    record Words(Map<String, Role> roles, Map<String, CaseKind> kinds, Map<String, Network> networks) {}

    record NewAgency(Place at, String code, String name, String shortName, String parent, String duties) {}

    record NewOfficer(Place at, String name, String mail, String agency, Set<Role> roles, boolean circle) {}

    record NewCategory(Place at, String name, String agency, String note) {}

    /** @param from null keeps what stands, or begins today */
    record NewRule(
            Place at,
            String title,
            List<String> words,
            @Nullable Network network,
            @Nullable String district,
            @Nullable CaseKind kind,
            @Nullable String category,
            String agency,
            String source,
            @Nullable LocalDate from,
            @Nullable LocalDate until) {}

    record NewAnswer(Place at, String title, String text) {}

    final List<NewAgency> agencies = new ArrayList<>();
    final List<NewOfficer> officers = new ArrayList<>();
    final List<NewCategory> categories = new ArrayList<>();
    final List<NewRule> rules = new ArrayList<>();
    final List<NewAnswer> answers = new ArrayList<>();
    final List<Problem> problems = new ArrayList<>();

    private final Words words;

    private TenantFile(Words words) {
        this.words = words;
    }

    static TenantFile of(List<Sheet> sheets, Words words) {
        var file = new TenantFile(words);
        var seen = new EnumMap<Table, String>(Table.class);
        for (var sheet : sheets) {
            var table = Table.called(sheet.name());
            if (table.isPresent()) {
                if (seen.put(table.get(), sheet.name()) != null) {
                    file.problems.add(Problem.of(top(sheet), "operation.sheet.twice"));
                }
                file.read(table.get(), table.get().lines(sheet, file.problems));
            } else if (!Table.isUnread(sheet.name()) && !sheet.isBlank()) {
                file.problems.add(Problem.of(
                        top(sheet),
                        "operation.sheet.unknown",
                        Arrays.stream(Table.values())
                                .map(each -> each.indonesian)
                                .collect(Collectors.joining(", "))));
            }
        }
        if (file.problems.isEmpty() && seen.isEmpty()) {
            file.problems.add(Problem.of(new Place("", 0, Map.of(), "", -1), "operation.sheet.nothing"));
        }
        return file;
    }

    private static Place top(Sheet sheet) {
        return new Place(sheet.name(), 1, Map.of(), "", -1);
    }

    private void read(Table table, List<Line> lines) {
        switch (table) {
            case AGENCIES -> lines.forEach(this::agency);
            case OFFICERS -> lines.forEach(this::officer);
            case CATEGORIES -> lines.forEach(this::category);
            case RULES -> lines.forEach(this::rule);
            case ANSWERS -> lines.forEach(this::answer);
        }
        twice(
                lines,
                switch (table) {
                    case AGENCIES -> Column.CODE;
                    case OFFICERS -> Column.MAIL;
                    case CATEGORIES -> Column.NAME;
                    case RULES, ANSWERS -> Column.TITLE;
                });
    }

    /** What names a row must name one alone. */
    private void twice(List<Line> lines, Column key) {
        var first = new HashMap<String, Integer>();
        for (var line : lines) {
            var value = line.get(key).toLowerCase(Locale.ROOT);
            if (!value.isEmpty()) {
                var before = first.putIfAbsent(value, line.place().row());
                if (before != null) {
                    problem(line, key, "operation.sheet.row-twice", line.get(key), before);
                }
            }
        }
    }

    private void problem(Line line, Column column, String key, Object... arguments) {
        problems.add(Problem.of(line.at(column), key, arguments));
    }

    private String text(Line line, Column column, int longest) {
        var text = line.get(column).replaceAll("\\s+", " ").strip();
        if (text.length() > longest) {
            problem(line, column, "operation.sheet.too-long", longest);
        }
        return text;
    }

    private String code(Line line, Column column) {
        var code = line.get(column).strip().toLowerCase(Locale.ROOT);
        if (!code.isEmpty() && !Agency.isCode(code)) {
            problem(line, column, "operation.sheet.code", line.get(column));
        }
        return code;
    }

    private void agency(Line line) {
        agencies.add(new NewAgency(
                line.place(),
                code(line, Column.CODE),
                text(line, Column.NAME, Agency.LONGEST_NAME),
                text(line, Column.SHORT, Agency.LONGEST_SHORT_NAME),
                code(line, Column.PARENT),
                text(line, Column.DUTIES, Agency.LONGEST_DUTIES)));
    }

    private void officer(Line line) {
        var mail = line.get(Column.MAIL).strip();
        if (!mail.isEmpty()
                && (mail.length() > LONGEST_MAIL || !MAIL.matcher(mail).matches())) {
            problem(line, Column.MAIL, "operation.sheet.mail", mail);
        }
        officers.add(new NewOfficer(
                line.place(),
                text(line, Column.NAME, LONGEST_PERSON),
                mail,
                code(line, Column.AGENCY),
                roles(line),
                yes(line, Column.CIRCLE)));
    }

    private Set<Role> roles(Line line) {
        var found = EnumSet.noneOf(Role.class);
        for (var each : parts(line.get(Column.ROLES))) {
            var role = words.roles().get(key(each));
            if (role == null) {
                problem(line, Column.ROLES, "operation.sheet.role", each);
            } else {
                found.add(role);
            }
        }
        if (found.contains(Role.AUDITOR) && found.size() > 1) {
            problem(line, Column.ROLES, "identity.auditor-alone");
        }
        return found;
    }

    private boolean yes(Line line, Column column) {
        return switch (line.get(column).strip().toLowerCase(Locale.ROOT)) {
            case "", "tidak", "no", "false", "0", "-" -> false;
            case "ya", "yes", "true", "1" -> true;
            default -> {
                problem(line, column, "operation.sheet.yes-or-no", line.get(column));
                yield false;
            }
        };
    }

    private void category(Line line) {
        categories.add(new NewCategory(
                line.place(),
                text(line, Column.NAME, Categories.LONGEST_NAME),
                code(line, Column.CATEGORY_AGENCY),
                text(line, Column.NOTE, Categories.LONGEST_NOTE)));
    }

    private void rule(Line line) {
        var kind = named(line, Column.KIND, words.kinds(), "operation.sheet.kind");
        var network = named(line, Column.NETWORK, words.networks(), "operation.sheet.network");
        var each = parts(line.get(Column.WORDS));
        if (each.size() > MOST_WORDS) {
            problem(line, Column.WORDS, "operation.sheet.too-many-words", MOST_WORDS);
        }
        var from = day(line, Column.FROM);
        var until = day(line, Column.UNTIL);
        if (from != null && until != null && until.isBefore(from)) {
            problem(line, Column.UNTIL, "casework.rule-ends-before");
        }
        rules.add(new NewRule(
                line.place(),
                text(line, Column.TITLE, LONGEST_LINE),
                each,
                network,
                blank(line.get(Column.DISTRICT)),
                kind,
                blank(text(line, Column.CATEGORY, Categories.LONGEST_NAME)),
                code(line, Column.CATEGORY_AGENCY),
                text(line, Column.SOURCE, LONGEST_LINE),
                from,
                until));
    }

    private <T> @Nullable T named(Line line, Column column, Map<String, T> known, String key) {
        var text = line.get(column).strip();
        if (text.isEmpty()) {
            return null;
        }
        var found = known.get(key(text));
        if (found == null) {
            problem(line, column, key, text);
        }
        return found;
    }

    private void answer(Line line) {
        var answer = new NewAnswer(
                line.place(),
                text(line, Column.TITLE, LONGEST_LINE),
                line.get(Column.TEXT).strip());
        var unknown = new CannedAnswer(Ids.next(), answer.title(), answer.text()).unknownVariables();
        if (!unknown.isEmpty()) {
            problem(line, Column.TEXT, "inbox.unknown-variable", String.join(", ", unknown));
        }
        answers.add(answer);
    }

    /** 2026-12-31, or as it is written in Indonesia: 31/12/2026. */
    private @Nullable LocalDate day(Line line, Column column) {
        var text = line.get(column).strip();
        if (text.isEmpty()) {
            return null;
        }
        var found = parsed(text);
        if (found.isEmpty()) {
            problem(line, column, "operation.sheet.day", text);
        }
        return found.orElse(null);
    }

    private static Optional<LocalDate> parsed(String text) {
        var iso = ISO.matcher(text);
        var local = LOCAL.matcher(text);
        try {
            if (iso.matches()) {
                return Optional.of(LocalDate.of(
                        Integer.parseInt(iso.group(1)),
                        Integer.parseInt(iso.group(2)),
                        Integer.parseInt(iso.group(3))));
            }
            if (local.matches()) {
                return Optional.of(LocalDate.of(
                        Integer.parseInt(local.group(3)),
                        Integer.parseInt(local.group(2)),
                        Integer.parseInt(local.group(1))));
            }
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    static String key(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", " ");
    }

    private static @Nullable String blank(String text) {
        return text.isBlank() ? null : text.strip();
    }

    private static List<String> parts(String text) {
        return Arrays.stream(text.split("[,;\\r\\n]+"))
                .map(each -> each.replaceAll("\\s+", " ").strip())
                .filter(each -> !each.isEmpty())
                .distinct()
                .toList();
    }
}
