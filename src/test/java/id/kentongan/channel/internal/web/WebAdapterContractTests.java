// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.web;

import id.kentongan.channel.AbstractChannelAdapterContractTests;
import id.kentongan.channel.Account;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.WebForm;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

class WebAdapterContractTests extends AbstractChannelAdapterContractTests {
    private final ObjectMapper json = JsonMapper.builder().build();
    private final ChannelAdapter adapter = new WebAdapter(json);
    private final Actor actor = Actor.system(TenantId.next(), "channel");
    private final Account account =
            new Account(AccountId.next(), Network.WEB, "Formulir web", "Formulir web", "", Account.State.ACTIVE);

    @Override
    protected ChannelAdapter adapter() {
        return adapter;
    }

    @Override
    protected Actor actor() {
        return actor;
    }

    @Override
    protected Account account() {
        return account;
    }

    @Override
    protected boolean speaksMarkup() {
        return false;
    }

    @Override
    protected Delivery said(String key, String text) {
        return new Delivery(
                Map.of(),
                json.writeValueAsBytes(new WebForm(key, "Wati", text, Map.of("kind", "complaint"), List.of())));
    }

    @Override
    protected Outgoing answer(String key, String text) {
        return new Outgoing(
                OutgoingId.next(),
                account.id(),
                "jawaban:" + key,
                "web:" + key,
                new Outgoing.Recipient("web:" + key, "Wati"),
                Audience.DIRECT,
                text,
                null,
                "id",
                List.of(),
                null);
    }
}
