// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy;

import id.kentongan.kernel.PersonalDataHolder;
import id.kentongan.kernel.PersonalField;
import java.util.Comparator;
import java.util.List;
import org.springframework.stereotype.Component;

/** The register of the personal data all modules hold, as each of them states it. */
@Component
public class PersonalDataRegister {
    private final List<PersonalDataHolder> holders;

    PersonalDataRegister(List<PersonalDataHolder> holders) {
        this.holders = List.copyOf(holders);
    }

    /** Every personal field of the installation, by table and column. */
    public List<PersonalField> fields() {
        return holders.stream()
                .flatMap(holder -> holder.personalFields().stream())
                .sorted(Comparator.comparing(PersonalField::table).thenComparing(PersonalField::column))
                .toList();
    }
}
