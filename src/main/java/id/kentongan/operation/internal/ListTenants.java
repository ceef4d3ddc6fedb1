// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import id.kentongan.identity.Agencies;
import id.kentongan.identity.Officer;
import id.kentongan.identity.Officers;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** {@code tenant list}: the governments of this installation. */
@Component
class ListTenants implements Verb {
    private final Tenants tenants;
    private final Agencies agencies;
    private final Officers officers;

    ListTenants(Tenants tenants, Agencies agencies, Officers officers) {
        this.tenants = tenants;
        this.agencies = agencies;
        this.officers = officers;
    }

    @Override
    public int run(Arguments words, Terminal terminal) {
        var all = tenants.all();
        if (words.has("--json")) {
            List<Map<String, Object>> rows = all.stream()
                    .map(tenant -> {
                        var actor = Actor.system(tenant.id(), "operation");
                        Map<String, Object> row = new LinkedHashMap<>();
                        row.put("tenant", tenant.id().toString());
                        row.put("name", tenant.name());
                        row.put("address", tenant.address());
                        row.put("zone", tenant.zone().getId());
                        row.put("agencies", agencies.all(actor).size());
                        row.put("officers", active(actor));
                        row.put("demonstration", tenant.demonstration());
                        return row;
                    })
                    .toList();
            terminal.json(rows);
            return 0;
        }
        if (all.isEmpty()) {
            terminal.say("operation.no-tenant");
        }
        for (var tenant : all) {
            var actor = Actor.system(tenant.id(), "operation");
            terminal.say(
                    tenant.demonstration() ? "operation.tenant-line-demonstration" : "operation.tenant-line",
                    tenant.name(),
                    tenant.address(),
                    agencies.all(actor).size(),
                    active(actor));
        }
        return 0;
    }

    private long active(Actor actor) {
        return officers.all(actor).stream().filter(Officer::active).count();
    }
}
