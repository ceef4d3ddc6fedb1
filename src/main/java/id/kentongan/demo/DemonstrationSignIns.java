// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo;

import id.kentongan.demo.internal.DemonstrationPeople;
import java.util.List;
import java.util.Map;

/** The sign-ins of the imaginary regency's officers, which the launcher prints. They exist nowhere else. */
public final class DemonstrationSignIns {
    private DemonstrationSignIns() {}

    /** One entry per officer: {@code role}, {@code name}, {@code mail}, {@code password}. */
    public static List<Map<String, String>> all() {
        return DemonstrationPeople.signIns();
    }
}
