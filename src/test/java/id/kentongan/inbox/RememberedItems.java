// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.channel.Account;
import id.kentongan.channel.Capabilities;
import id.kentongan.channel.Capabilities.Answering;
import id.kentongan.channel.Capabilities.Change;
import id.kentongan.channel.Capabilities.Doubt;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.TextLimit;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.kernel.Actor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** A network whose deliveries name items that a test thought of: what is between them and the inbox is the real intake. */
class RememberedItems implements ChannelAdapter {
    private final Map<String, Item> items = new ConcurrentHashMap<>();

    /** The body of a delivery that tells of these, in this order. */
    byte[] delivery(List<? extends Item> told) {
        return told.stream()
                .map(item -> {
                    var name = UUID.randomUUID().toString();
                    items.put(name, item);
                    return name;
                })
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Network network() {
        return Network.ACTIVITYPUB;
    }

    @Override
    public Capabilities capabilities(Account account) {
        var answer = new Answering(List.of(TextLimit.characters(500)), List.of(), null);
        return new Capabilities(answer, answer, answer, Change.ALWAYS, Change.ALWAYS, Doubt.HARMLESS, 0);
    }

    @Override
    public List<Item> read(Actor actor, RawDelivery delivery) throws UnreadableDelivery {
        var told = new ArrayList<Item>();
        for (var name :
                new String(delivery.body(), StandardCharsets.UTF_8).lines().toList()) {
            var item = items.get(name);
            if (item == null) {
                throw new UnreadableDelivery("not-json", false);
            }
            told.add(item);
        }
        return told;
    }

    @Override
    public SendOutcome send(Actor actor, Account account, Outgoing outgoing) {
        return new SendOutcome.Sent("remote:" + outgoing.id(), null);
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Configuration {
        @Bean
        @Primary
        @Order(Ordered.HIGHEST_PRECEDENCE)
        RememberedItems rememberedItems() {
            return new RememberedItems();
        }
    }
}
