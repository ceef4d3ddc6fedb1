// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive.internal;

import id.kentongan.kernel.PersonalDataHolder;
import id.kentongan.kernel.PersonalField;
import java.util.List;
import org.springframework.stereotype.Component;

@Component
class ArchivePersonalData implements PersonalDataHolder {
    @Override
    public List<PersonalField> personalFields() {
        return List.of(new PersonalField(
                "archive.entry",
                "actor_name",
                PersonalField.Kind.OFFICER,
                PersonalField.Protection.CLEAR,
                "The name of a public official who acted, as long as the trail; of citizens only that one acted."));
    }
}
