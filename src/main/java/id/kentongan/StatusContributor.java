// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import java.util.Map;

/** Adds what it knows to the status the launcher shows: {@code fediverse}, {@code signIns}, {@code mail}. */
interface StatusContributor {
    void contribute(Map<String, Object> status);
}
