// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import java.util.List;
import java.util.Map;

/** Public because the module's own base package shows it to the launcher. */
public final class DemonstrationPeople {
    private DemonstrationPeople() {}

    public static List<Map<String, String>> signIns() {
        return Sukamaju.OFFICERS.stream()
                .map(officer -> Map.of(
                        "role",
                        officer.roles().iterator().next().name(),
                        "name",
                        officer.name(),
                        "mail",
                        officer.mail(),
                        "password",
                        Sukamaju.PASSWORD))
                .toList();
    }
}
