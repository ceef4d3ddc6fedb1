// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy.internal;

import id.kentongan.kernel.PersonalDataHolder;
import id.kentongan.kernel.PersonalField;
import java.util.List;
import org.springframework.stereotype.Component;

@Component
class PrivacyPersonalData implements PersonalDataHolder {
    @Override
    public List<PersonalField> personalFields() {
        return List.of(new PersonalField(
                "privacy.reading",
                "reason",
                PersonalField.Kind.OFFICER,
                PersonalField.Protection.CLEAR,
                "An auditor's own words on why they read; kept as long as the trail."));
    }
}
