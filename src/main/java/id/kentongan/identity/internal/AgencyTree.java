// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.identity.Agency;
import id.kentongan.kernel.AgencyId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The agencies in the order of their tree. */
final class AgencyTree {
    private static final Comparator<Agency> BY_NAME =
            Comparator.comparing(Agency::shortName, String.CASE_INSENSITIVE_ORDER);

    private final Map<AgencyId, Agency> known = new LinkedHashMap<>();
    private final List<Agency> ordered = new ArrayList<>();

    AgencyTree(List<Agency> agencies) {
        agencies.forEach(each -> known.put(each.id(), each));
        var below = agencies.stream()
                .sorted(BY_NAME)
                .collect(Collectors.groupingBy(each -> key(each.parent()), LinkedHashMap::new, Collectors.toList()));
        add(below, "");
    }

    private void add(Map<String, List<Agency>> below, String parent) {
        for (var each : below.getOrDefault(parent, List.of())) {
            ordered.add(each);
            add(below, key(each.id()));
        }
    }

    private static String key(@Nullable AgencyId id) {
        return id == null ? "" : id.toString();
    }

    /** Parents before their children, siblings by name. */
    List<Agency> ordered() {
        return List.copyOf(ordered);
    }

    /** How far below the government itself. */
    int depth(Agency agency) {
        return path(agency).size() - 1;
    }

    /** "Dinas PUPR › UPT Jalan": says where it stands without indentation. */
    String label(@Nullable AgencyId id) {
        var agency = id == null ? null : known.get(id);
        return agency == null
                ? ""
                : path(agency).stream().map(Agency::shortName).collect(Collectors.joining(" › "));
    }

    /** Where something can be put: open agencies that are not among those left out. */
    List<Choice> choices(Set<AgencyId> without) {
        return ordered.stream()
                .filter(each -> each.active() && !without.contains(each.id()))
                .map(each -> new Choice(each.id().toString(), label(each.id())))
                .toList();
    }

    private List<Agency> path(Agency agency) {
        var path = new ArrayList<Agency>();
        for (var at = agency; at != null; at = at.parent() == null ? null : known.get(at.parent())) {
            path.addFirst(at);
        }
        return path;
    }
}
