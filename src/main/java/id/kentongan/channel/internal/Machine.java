// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.kernel.Actor;

/**
 * What is on its way in or out holds words of every agency and of the confidential circle, and the database shows it to
 * those alone who may read everything. What others may know of it is read as the machine, once it was checked who asks.
 */
final class Machine {
    private Machine() {}

    static Actor of(Actor actor) {
        return actor.kind() == Actor.Kind.SYSTEM ? actor : Actor.system(actor.tenant(), "channel");
    }
}
