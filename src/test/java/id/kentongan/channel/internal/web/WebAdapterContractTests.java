// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.web;

import id.kentongan.channel.AbstractChannelAdapterContractTests;
import id.kentongan.channel.Account;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Counterpart;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.spi.ChannelAdapter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.annotation.Autowired;

/** Our own form: no network, private answers on the tracking page, nothing that its writer changes or takes back. */
class WebAdapterContractTests extends AbstractChannelAdapterContractTests {
    @Autowired
    WebAdapter adapter;

    @Override
    protected ChannelAdapter adapter() {
        return adapter;
    }

    @Override
    protected Account open() {
        return accounts.web(tenant.system());
    }

    @Override
    protected Optional<Counterpart> counterpart() {
        return Optional.empty();
    }

    @Override
    protected boolean speaksMarkup() {
        return false;
    }

    @Override
    protected Optional<Delivery> said(String key, String text, Audience audience) {
        return audience == Audience.DIRECT ? Optional.of(form(key, text, "[]")) : Optional.empty();
    }

    /** The same form, posted twice. */
    @Override
    protected Optional<Delivery> saidAgain(String key, String text) {
        return said(key, text, Audience.DIRECT);
    }

    @Override
    protected Optional<Delivery> saidWithPicture(String key, String text) {
        var content = Base64.getEncoder().encodeToString(jpeg());
        return Optional.of(form(
                key,
                text,
                "[{\"url\":null,\"mediaType\":\"image/jpeg\",\"description\":\"Lubang di jalan\",\"content\":\"%s\"}]"
                        .formatted(content)));
    }

    private static Delivery form(String key, String text, String files) {
        return Delivery.of(
                "{\"key\":\"%s\",\"name\":\"Wati\",\"text\":\"%s\",\"hints\":{\"kind\":\"complaint\"},\"files\":%s}"
                        .formatted(key, escaped(text), files));
    }

    @Override
    protected Delivery unheardOf() {
        return Delivery.of("{\"suara\":\"rekaman\"}");
    }

    @Override
    protected Map<String, byte[]> broken() {
        return Map.of(
                "without a key", text("{\"name\":\"\",\"text\":\"x\",\"hints\":{},\"files\":[]}"),
                "with hints that are none",
                        text("{\"key\":\"x\",\"name\":\"\",\"text\":\"x\",\"hints\":7,\"files\":[]}"),
                "with files that are none",
                        text("{\"key\":\"x\",\"name\":\"\",\"text\":\"x\",\"hints\":{},\"files\":[7]}"));
    }

    @Override
    protected Set<String> maps() {
        return Set.of("hints");
    }

    @Override
    protected Outgoing answer(String key, String text, Audience audience, List<Attachment> attachments) {
        return new Outgoing(
                OutgoingId.next(),
                account.id(),
                "jawaban:" + OutgoingId.next(),
                "web:" + key,
                new Outgoing.Recipient("web:" + key, "Wati"),
                audience,
                text,
                null,
                "id",
                attachments,
                null);
    }
}
