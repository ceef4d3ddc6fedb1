// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which names belong together (disjoint sets). */
final class Groups {
    private final Map<String, String> above = new LinkedHashMap<>();

    void add(String name) {
        above.putIfAbsent(name, name);
    }

    String of(String name) {
        var at = name;
        for (var next = above.get(at); next != null && !next.equals(at); next = above.get(at)) {
            at = next;
        }
        return at;
    }

    void join(String one, String other) {
        add(one);
        add(other);
        above.put(of(one), of(other));
    }

    List<String> names(String prefix) {
        return above.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    List<String> in(String group, String prefix) {
        return names(prefix).stream().filter(name -> of(name).equals(group)).toList();
    }
}
