// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.channel.Account;
import id.kentongan.channel.Capabilities;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ChannelAdapter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The adapter of each network; where two claim one, the order of the beans decides. */
@Component
class Adapters {
    private final ObjectProvider<ChannelAdapter> all;
    /** Found when they are first asked for, since some need what needs them; asked for with every delivery. */
    private volatile @Nullable List<ChannelAdapter> found;

    Adapters(ObjectProvider<ChannelAdapter> all) {
        this.all = all;
    }

    Optional<Capabilities> capabilities(Account account) {
        return of(account.network()).map(adapter -> adapter.capabilities(account));
    }

    Optional<ChannelAdapter> of(Network network) {
        var adapters = found;
        if (adapters == null) {
            adapters = all.orderedStream().toList();
            found = adapters;
        }
        return adapters.stream().filter(each -> each.network() == network).findFirst();
    }
}
