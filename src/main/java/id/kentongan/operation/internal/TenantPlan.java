// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import id.kentongan.casework.Categories;
import id.kentongan.casework.Categories.Category;
import id.kentongan.casework.Regions;
import id.kentongan.casework.RoutingRule;
import id.kentongan.casework.RoutingRules;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Invitations;
import id.kentongan.identity.Officer;
import id.kentongan.identity.Officers;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Conversations.CannedAnswer;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.operation.internal.Table.Column;
import id.kentongan.operation.internal.Table.Place;
import id.kentongan.operation.internal.Table.Problem;
import id.kentongan.operation.internal.TenantFile.NewAgency;
import id.kentongan.operation.internal.TenantFile.NewOfficer;
import id.kentongan.operation.internal.TenantFile.NewRule;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Holds a file beside what the government has, and brings in what differs, in the caller's transaction. */
@Component
class TenantPlan {
    /** No government's tree has more levels; a list that has is wrong. */
    private static final int DEEPEST = 20;

    private final Agencies agencies;
    private final Officers officers;
    private final Invitations invitations;
    private final Categories categories;
    private final RoutingRules rules;
    private final Regions regions;
    private final Conversations conversations;

    TenantPlan(
            Agencies agencies,
            Officers officers,
            Invitations invitations,
            Categories categories,
            RoutingRules rules,
            Regions regions,
            Conversations conversations) {
        this.agencies = agencies;
        this.officers = officers;
        this.invitations = invitations;
        this.categories = categories;
        this.rules = rules;
        this.regions = regions;
        this.conversations = conversations;
    }

    /** How many rows of a table were new, differed, or stood as they are. */
    record Count(int added, int changed, int same) {
        static final Count NONE = new Count(0, 0, 0);

        Count plus(Done done) {
            return switch (done) {
                case ADDED -> new Count(added + 1, changed, same);
                case CHANGED -> new Count(added, changed + 1, same);
                case SAME -> new Count(added, changed, same + 1);
            };
        }
    }

    enum Done {
        ADDED,
        CHANGED,
        SAME
    }

    /** @param path of the one-time link */
    record Link(String name, String mail, String path, Instant until) {}

    record Result(Map<Table, Count> counts, List<Link> links, List<Problem> problems) {}

    /**
     * @param links whether new officers' one-time links are kept for whoever called
     * @param today from when a rule holds that says nothing of it
     */
    Result apply(Actor actor, TenantFile file, boolean links, LocalDate today) {
        return new Bringing(actor, links, today).apply(file);
    }

    /** One file on its way in. */
    private final class Bringing {
        private final Actor actor;
        private final boolean wantsLinks;
        private final LocalDate today;
        private final Map<Table, Count> counts = new EnumMap<>(Table.class);
        private final List<Link> links = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();
        private final Map<String, Agency> known = new HashMap<>();

        Bringing(Actor actor, boolean wantsLinks, LocalDate today) {
            this.actor = actor;
            this.wantsLinks = wantsLinks;
            this.today = today;
        }

        Result apply(TenantFile file) {
            agencies.all(actor).forEach(each -> known.put(each.code(), each));
            var administered = hasAdministrator();
            var ordered = parentsFirst(file.agencies);
            refuseUnknown(file);
            if (problems.isEmpty()) {
                ordered.forEach(each -> row(Table.AGENCIES, each.at(), () -> agency(each)));
                file.officers.forEach(each -> row(Table.OFFICERS, each.at(), () -> officer(each)));
                categories(file);
                rules(file);
                answers(file);
                if (administered) {
                    keepAnAdministrator(file);
                }
            }
            return new Result(counts, links, problems);
        }

        /** A refusal of the module below belongs to the row that it came of. */
        private void row(Table table, Place at, java.util.function.Supplier<Done> work) {
            if (!problems.isEmpty()) {
                return;
            }
            try {
                counts.merge(table, Count.NONE.plus(work.get()), TenantPlan::sum);
            } catch (RefusalException refused) {
                problems.add(new Problem(
                        at, refused.refusal().code(), refused.refusal().arguments()));
            }
        }

        // -- what the file says beside what is there

        /** In an order in which each finds its parent; what forms a ring is refused. */
        private List<NewAgency> parentsFirst(List<NewAgency> rows) {
            var byCode = new HashMap<String, NewAgency>();
            rows.forEach(each -> byCode.putIfAbsent(each.code(), each));
            var ordered = new ArrayList<NewAgency>();
            var done = new HashSet<String>();
            for (var each : rows) {
                place(each, byCode, new HashSet<>(), done, ordered);
            }
            return ordered;
        }

        private void place(
                NewAgency row,
                Map<String, NewAgency> byCode,
                Set<String> path,
                Set<String> done,
                List<NewAgency> ordered) {
            if (done.contains(row.code())) {
                return;
            }
            if (path.size() == DEEPEST) {
                problems.add(Problem.of(row.at().at(Column.PARENT), "operation.sheet.too-deep", DEEPEST));
                done.add(row.code());
                return;
            }
            if (!path.add(row.code())) {
                problems.add(Problem.of(row.at().at(Column.PARENT), "operation.sheet.ring", row.code()));
                return;
            }
            var parent = byCode.get(row.parent());
            if (parent != null) {
                place(parent, byCode, path, done, ordered);
            }
            if (done.add(row.code())) {
                ordered.add(row);
            }
        }

        private void refuseUnknown(TenantFile file) {
            var codes = new HashSet<>(known.keySet());
            file.agencies.forEach(each -> codes.add(each.code()));
            file.agencies.forEach(each -> unless(codes, each.parent(), each.at().at(Column.PARENT)));
            file.officers.forEach(each -> unless(codes, each.agency(), each.at().at(Column.AGENCY)));
            file.categories.forEach(
                    each -> unless(codes, each.agency(), each.at().at(Column.CATEGORY_AGENCY)));
            file.rules.forEach(each -> unless(codes, each.agency(), each.at().at(Column.CATEGORY_AGENCY)));

            var subjects = categories.all(actor).stream().map(Category::name).collect(Collectors.toSet());
            file.categories.forEach(each -> subjects.add(each.name()));
            var districts = regions.districts(actor).stream()
                    .map(Regions.District::code)
                    .collect(Collectors.toSet());
            for (var rule : file.rules) {
                var category = rule.category();
                if (category != null && !subjects.contains(category)) {
                    problems.add(Problem.of(rule.at().at(Column.CATEGORY), "operation.sheet.no-category", category));
                }
                var district = rule.district();
                if (district != null && !districts.contains(district)) {
                    problems.add(Problem.of(rule.at().at(Column.DISTRICT), "operation.sheet.no-district", district));
                }
            }
        }

        private void unless(Set<String> codes, String code, Place at) {
            if (!code.isEmpty() && !codes.contains(code)) {
                problems.add(Problem.of(at, "operation.sheet.no-agency", code));
            }
        }

        // -- bringing in

        private @Nullable AgencyId agencyOf(String code) {
            var found = known.get(code);
            return found == null ? null : found.id();
        }

        private Done agency(NewAgency row) {
            var stands = known.get(row.code());
            var wanted = new Agency(
                    stands == null ? AgencyId.next() : stands.id(),
                    agencyOf(row.parent()),
                    row.code(),
                    row.name(),
                    row.shortName(),
                    row.duties(),
                    true);
            if (wanted.equals(stands)) {
                return Done.SAME;
            }
            known.put(row.code(), agencies.save(actor, wanted));
            return stands == null ? Done.ADDED : Done.CHANGED;
        }

        private Done officer(NewOfficer row) {
            var agency = agencyOf(row.agency());
            if (agency == null) {
                throw new IllegalStateException("No agency " + row.agency());
            }
            var stands = officers.withMail(actor, row.mail()).flatMap(id -> officers.find(actor, id));
            if (stands.isPresent()) {
                // The name is theirs: they may have written it otherwise since.
                var wanted = new Officer(
                        stands.get().id(),
                        stands.get().name(),
                        agency,
                        row.roles(),
                        row.circle(),
                        stands.get().active());
                if (wanted.equals(stands.get())) {
                    return Done.SAME;
                }
                officers.change(actor, wanted);
                return Done.CHANGED;
            }
            var invited = invitations.invite(
                    actor, new Officers.NewOfficer(row.name(), row.mail(), agency, row.roles(), row.circle()));
            if (wantsLinks) {
                links.add(new Link(row.name(), row.mail(), invited.path(), invited.until()));
            }
            return Done.ADDED;
        }

        /** Roles that a file takes away must leave somebody who can give them back. */
        private void keepAnAdministrator(TenantFile file) {
            if (problems.isEmpty() && !file.officers.isEmpty() && !hasAdministrator()) {
                problems.add(
                        Problem.of(file.officers.getFirst().at().at(Column.ROLES), "operation.sheet.no-administrator"));
            }
        }

        private boolean hasAdministrator() {
            return officers.all(actor).stream()
                    .anyMatch(each -> each.active() && each.roles().contains(Role.ADMINISTRATOR));
        }

        private void categories(TenantFile file) {
            var standing = categories.all(actor).stream().collect(Collectors.toMap(Category::name, each -> each));
            for (var row : file.categories) {
                row(Table.CATEGORIES, row.at(), () -> {
                    var wanted = new Category(row.name(), agencyOf(row.agency()), row.note());
                    var stands = standing.get(row.name());
                    if (wanted.equals(stands)) {
                        return Done.SAME;
                    }
                    categories.save(actor, wanted);
                    return stands == null ? Done.ADDED : Done.CHANGED;
                });
            }
        }

        private void rules(TenantFile file) {
            var standing = rules.all(actor);
            var last = standing.stream().mapToInt(RoutingRule::order).max().orElse(0);
            for (var row : file.rules) {
                last += 10;
                var order = last;
                row(Table.RULES, row.at(), () -> rule(row, standing, order));
            }
        }

        private Done rule(NewRule row, List<RoutingRule> standing, int order) {
            Optional<RoutingRule> stands = standing.stream()
                    .filter(each -> each.title().equals(row.title()))
                    .findFirst();
            var from = row.from();
            var wanted = new RoutingRule(
                    stands.map(RoutingRule::id).orElseGet(Ids::next),
                    stands.map(RoutingRule::order).orElse(order),
                    row.title(),
                    row.words(),
                    row.network(),
                    row.district(),
                    row.kind(),
                    row.category(),
                    agencyOf(row.agency()),
                    row.source(),
                    from == null ? stands.map(RoutingRule::effectiveFrom).orElse(today) : from,
                    row.until());
            if (stands.filter(wanted::equals).isPresent()) {
                return Done.SAME;
            }
            rules.save(actor, wanted);
            return stands.isPresent() ? Done.CHANGED : Done.ADDED;
        }

        private void answers(TenantFile file) {
            var standing = conversations.cannedAnswers(actor);
            for (var row : file.answers) {
                row(Table.ANSWERS, row.at(), () -> {
                    var stands = standing.stream()
                            .filter(each -> each.title().equals(row.title()))
                            .findFirst();
                    if (stands.filter(each -> each.text().equals(row.text())).isPresent()) {
                        return Done.SAME;
                    }
                    conversations.saveCannedAnswer(
                            actor,
                            new CannedAnswer(
                                    stands.map(CannedAnswer::id).orElseGet(Ids::next), row.title(), row.text()));
                    return stands.isPresent() ? Done.CHANGED : Done.ADDED;
                });
            }
        }
    }

    private static Count sum(Count one, Count other) {
        return new Count(one.added + other.added, one.changed + other.changed, one.same + other.same);
    }
}
