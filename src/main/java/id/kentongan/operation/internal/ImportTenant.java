// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.channel.Network;
import id.kentongan.database.ActorTransactions;
import id.kentongan.kernel.Role;
import id.kentongan.operation.internal.Arguments.Wrong;
import id.kentongan.operation.internal.Table.Place;
import id.kentongan.operation.internal.Table.Problem;
import id.kentongan.operation.internal.TenantPlan.Count;
import id.kentongan.operation.internal.TenantPlan.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;

/**
 * {@code tenant import}: agencies with their tree, officers, categories, routing rules and canned answers from one
 * workbook or folder. All of it in one transaction or none; the same file again changes nothing.
 */
@Component
class ImportTenant implements Verb {
    private static final int SHOWN = 200;
    private static final List<Locale> LANGUAGES = List.of(Locale.of("id"), Locale.ENGLISH);

    private final ActorTransactions transactions;
    private final ChosenTenant chosen;
    private final TenantPlan plan;
    private final TemplateFile template;
    private final MessageSource messages;
    private final Clock clock;

    ImportTenant(
            ActorTransactions transactions,
            ChosenTenant chosen,
            TenantPlan plan,
            TemplateFile template,
            MessageSource messages,
            Clock clock) {
        this.transactions = transactions;
        this.chosen = chosen;
        this.plan = plan;
        this.template = template;
        this.messages = messages;
        this.clock = clock;
    }

    @Override
    public int run(Arguments words, Terminal terminal) throws Wrong {
        var wanted = words.value("--template");
        if (wanted.isPresent()) {
            return template.write(Path.of(wanted.get()), terminal);
        }
        var file = words.file("a file");
        var links = words.value("--links").map(Path::of);
        if (links.isPresent() && Files.exists(links.get())) {
            return terminal.fail("operation.file-exists", links.get().toString());
        }
        var tenant = chosen.of(words, terminal);
        if (tenant == null) {
            return 1;
        }
        TenantFile said;
        try {
            said = TenantFile.of(SheetFiles.read(file), names());
        } catch (UnreadableSheets unreadable) {
            return terminal.fail(unreadable.key(), unreadable.arguments());
        }
        if (!said.problems.isEmpty()) {
            return refuse(words, terminal, said.problems);
        }
        var result = bring(tenant, said, words.has("--check"), links);
        if (!result.problems().isEmpty()) {
            return refuse(words, terminal, result.problems());
        }
        return tell(words, terminal, tenant, result, links);
    }

    /** Carries the outcome out of a transaction that is not to be kept. */
    private static final class Undone extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Result result;

        Undone(Result result) {
            super("undone", null, false, false);
            this.result = result;
        }
    }

    private Result bring(ChosenTenant.Chosen tenant, TenantFile said, boolean onlyCheck, Optional<Path> links) {
        var today = clock.instant().atZone(tenant.tenant().zone()).toLocalDate();
        try {
            return transactions.write(tenant.actor(), () -> {
                var result = plan.apply(tenant.actor(), said, links.isPresent(), today);
                if (onlyCheck || !result.problems().isEmpty()) {
                    throw new Undone(result);
                }
                // Before the commit: officers whose links nobody has could not come in.
                links.ifPresent(path -> keep(path, tenant.tenant().address(), result));
                return result;
            });
        } catch (Undone undone) {
            return undone.result;
        }
    }

    private static void keep(Path file, String address, Result result) {
        try {
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(file);
            }
            try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
                    var csv = new CSVPrinter(out, CSVFormat.DEFAULT)) {
                csv.printRecord("nama", "surel", "tautan", "berlaku sampai");
                for (var link : result.links()) {
                    csv.printRecord(link.name(), link.mail(), address + link.path(), link.until());
                }
            }
        } catch (IOException e) {
            var problem = Problem.of(new Place("", 0, Map.of(), "", -1), "operation.unwritable", file.toString());
            throw new Undone(new Result(Map.of(), List.of(), List.of(problem)));
        }
    }

    private int tell(
            Arguments words, Terminal terminal, ChosenTenant.Chosen tenant, Result result, Optional<Path> links) {
        if (words.has("--json")) {
            var said = new LinkedHashMap<String, Object>();
            said.put("checked", words.has("--check"));
            for (var table : Table.values()) {
                said.put(table.name().toLowerCase(Locale.ROOT), result.counts().getOrDefault(table, Count.NONE));
            }
            terminal.json(said);
            return 0;
        }
        terminal.say(
                words.has("--check") ? "operation.sheet.checked" : "operation.sheet.imported",
                tenant.tenant().name());
        for (var table : Table.values()) {
            var count = result.counts().get(table);
            if (count != null) {
                terminal.say(
                        "operation.sheet.count",
                        terminal.locale().getLanguage().equals("id") ? table.indonesian : table.english,
                        count.added(),
                        count.changed(),
                        count.same());
            }
        }
        var added = result.counts().getOrDefault(Table.OFFICERS, Count.NONE).added();
        if (added > 0 && !words.has("--check")) {
            if (links.isPresent()) {
                terminal.say("operation.sheet.links", added, links.get().toString());
            } else {
                terminal.say("operation.sheet.no-links", added);
            }
        }
        return 0;
    }

    private static int refuse(Arguments words, Terminal terminal, List<Problem> problems) {
        var ordered = problems.stream()
                .sorted(Comparator.comparing((Problem each) -> each.place().sheet())
                        .thenComparing(each -> each.place().row())
                        .thenComparing(each -> each.place().column()))
                .toList();
        if (words.has("--json")) {
            var rows = new ArrayList<Map<String, Object>>();
            for (var each : ordered) {
                var row = new LinkedHashMap<String, Object>();
                row.put("sheet", each.place().sheet());
                row.put("row", each.place().row());
                row.put(
                        "column",
                        each.place().column() < 0
                                ? ""
                                : Sheet.letters(each.place().column()));
                row.put("problem", text(terminal, each));
                rows.add(row);
            }
            terminal.json(Map.of("problems", rows));
        } else {
            ordered.stream()
                    .limit(SHOWN)
                    .forEach(each ->
                            terminal.err().println("  " + where(terminal, each.place()) + text(terminal, each)));
            if (ordered.size() > SHOWN) {
                terminal.err().println("  " + terminal.text("operation.and-more", ordered.size() - SHOWN));
            }
        }
        return terminal.fail("operation.nothing-changed", ordered.size());
    }

    private static String text(Terminal terminal, Problem problem) {
        return terminal.text(problem.key(), problem.arguments().toArray());
    }

    private static String where(Terminal terminal, Place place) {
        if (place.sheet().isEmpty()) {
            return "";
        }
        if (place.column() < 0 && place.heading().isEmpty()) {
            return terminal.text("operation.sheet.at-row", place.sheet(), "" + place.row()) + ": ";
        }
        if (place.column() < 0) {
            return terminal.text("operation.sheet.at-name", place.sheet(), "" + place.row(), place.heading()) + ": ";
        }
        var letters = Sheet.letters(place.column());
        return (place.heading().isEmpty()
                        ? terminal.text("operation.sheet.at-column", place.sheet(), "" + place.row(), letters)
                        : terminal.text(
                                "operation.sheet.at-cell", place.sheet(), "" + place.row(), letters, place.heading()))
                + ": ";
    }

    /** Every name that a role, a kind or a network goes by, in both languages and by its code. */
    TenantFile.Words names() {
        return new TenantFile.Words(
                named(
                        Role.values(),
                        each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        "identity.role."),
                named(CaseKind.values(), CaseKind::code, "desk.kind."),
                named(Network.values(), Network::code, "desk.network."));
    }

    private <T> Map<String, T> named(T[] all, java.util.function.Function<T, String> code, String key) {
        var names = new HashMap<String, T>();
        for (var each : all) {
            names.put(TenantFile.key(code.apply(each)), each);
            for (var language : LANGUAGES) {
                names.put(TenantFile.key(messages.getMessage(key + code.apply(each), null, language)), each);
            }
        }
        return names;
    }
}
