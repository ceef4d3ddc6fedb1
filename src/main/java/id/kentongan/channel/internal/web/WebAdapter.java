// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.web;

import id.kentongan.channel.Account;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Capabilities;
import id.kentongan.channel.Capabilities.Answering;
import id.kentongan.channel.Capabilities.Change;
import id.kentongan.channel.Capabilities.Doubt;
import id.kentongan.channel.CleanPicture;
import id.kentongan.channel.Item;
import id.kentongan.channel.MediaLimit;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.TextLimit;
import id.kentongan.channel.WebForm;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.kernel.Actor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;

@Component
class WebAdapter implements ChannelAdapter {
    private final ObjectMapper json;

    WebAdapter(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public Network network() {
        return Network.WEB;
    }

    /** The tracking page takes what an officer's form takes, at any time, and keeps it under the message's own id. */
    @Override
    public Capabilities capabilities(Account account) {
        var answer = new Answering(
                List.of(TextLimit.characters(10_000)),
                List.of(new MediaLimit(MediaLimit.Kind.IMAGE, 4, CleanPicture.LARGEST, CleanPicture.TYPES)),
                null);
        return new Capabilities(null, answer, null, Change.ALWAYS, Change.ALWAYS, Doubt.HARMLESS, 600);
    }

    @Override
    public List<Item> read(Actor actor, RawDelivery delivery) throws UnreadableDelivery {
        try {
            @Nullable WebForm form = json.readValue(delivery.body(), WebForm.class);
            if (form == null || !complete(form)) {
                throw new UnreadableDelivery("not-a-form", false);
            }
            var key = "web:" + form.key();
            // Each form is a person of its own: nobody is recognised by what they wrote in it.
            var author = new Item.Author(key, form.name().isBlank() ? "web" : form.name(), form.name(), null, false);
            return List.of(new Item.Said(
                    key,
                    delivery.receivedAt(),
                    author,
                    Audience.DIRECT,
                    null,
                    form.text(),
                    null,
                    form.hints().get("language"),
                    null,
                    true,
                    form.files(),
                    form.hints()));
        } catch (JacksonException e) {
            throw new UnreadableDelivery("not-a-form", false);
        }
    }

    // Jackson fills a record's missing parts with null, whatever the record says.
    @SuppressWarnings("ConstantValue")
    private static boolean complete(WebForm form) {
        return form.key() != null && !form.key().isBlank() && form.name() != null && form.text() != null;
    }

    /** The tracking page shows what is in the conversation: said is shown. */
    @Override
    public SendOutcome send(Actor actor, Account account, Outgoing outgoing) {
        return new SendOutcome.Sent("web:" + outgoing.id(), null);
    }

    @Override
    public SendOutcome edit(Actor actor, Account account, OutgoingId sent, Outgoing changed) {
        return new SendOutcome.Sent("web:" + sent, null);
    }

    @Override
    public SendOutcome withdraw(Actor actor, Account account, OutgoingId sent, Outgoing withdrawal) {
        return new SendOutcome.Sent("web:" + sent, null);
    }
}
