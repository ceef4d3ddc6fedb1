// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Network;
import id.kentongan.demo.DemonstrationSignIns;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import java.util.Map;
import org.springframework.stereotype.Component;

@Component
class TenantsStatus implements StatusContributor {
    private final Tenants tenants;
    private final Accounts accounts;

    TenantsStatus(Tenants tenants, Accounts accounts) {
        this.tenants = tenants;
        this.accounts = accounts;
    }

    @Override
    public void contribute(Map<String, Object> status) {
        var all = tenants.all();
        status.put(
                "fediverse",
                all.stream()
                        .flatMap(tenant -> accounts.all(Actor.system(tenant.id(), "status")).stream())
                        .filter(account -> account.network() == Network.ACTIVITYPUB)
                        .map(Account::handle)
                        .toList());
        status.put(
                "mail",
                all.stream()
                        .flatMap(tenant -> accounts.all(Actor.system(tenant.id(), "status")).stream())
                        .filter(account -> account.network() == Network.EMAIL)
                        .map(Account::handle)
                        .findFirst()
                        .orElse(""));
        if (all.stream().anyMatch(tenant -> tenant.demonstration())) {
            status.put("signIns", DemonstrationSignIns.all());
        }
    }
}
