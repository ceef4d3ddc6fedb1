// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Which government a verb is about: the one that {@code --tenant} names by its host, or the only one there is. */
@Component
class ChosenTenant {
    private final Tenants tenants;

    ChosenTenant(Tenants tenants) {
        this.tenants = tenants;
    }

    /** @param actor the machine, for that government */
    record Chosen(Tenant tenant, Actor actor) {}

    /** Null when it cannot be told, which is said by then. */
    @Nullable
    Chosen of(Arguments words, Terminal terminal) {
        var all = tenants.all();
        var named = words.value("--tenant");
        var found = all.stream()
                .filter(each -> named.isEmpty()
                        || each.host().equalsIgnoreCase(named.get().strip()))
                .toList();
        if (found.size() == 1) {
            return new Chosen(found.getFirst(), Actor.system(found.getFirst().id(), "operation"));
        }
        if (all.isEmpty()) {
            terminal.fail("operation.no-tenant");
        } else {
            terminal.fail(
                    named.isEmpty() ? "operation.which-tenant" : "operation.unknown-tenant",
                    all.stream().map(Tenant::host).collect(Collectors.joining(", ")));
        }
        return null;
    }
}
