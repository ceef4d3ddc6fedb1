// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

import java.util.List;

/**
 * A module's statement of the personal data it holds. The register in {@code privacy} collects every bean of
 * this type and a test compares it with the database's columns. It lives here, not in {@code privacy}, because
 * modules left of privacy hold personal data too.
 */
public interface PersonalDataHolder {
    List<PersonalField> personalFields();
}
