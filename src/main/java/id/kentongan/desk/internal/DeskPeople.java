// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.identity.Agencies;
import id.kentongan.identity.Officers;
import id.kentongan.kernel.Actor;
import org.springframework.stereotype.Component;

/** Looks up whom a page names. */
@Component
class DeskPeople {
    private final Officers officers;
    private final Agencies agencies;

    DeskPeople(Officers officers, Agencies agencies) {
        this.officers = officers;
        this.agencies = agencies;
    }

    People of(Actor actor) {
        return new People(actor, officers, agencies);
    }
}
