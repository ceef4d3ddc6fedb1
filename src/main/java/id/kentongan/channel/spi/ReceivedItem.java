// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.spi;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;

/** An item with the account and raw delivery it came by. */
public record ReceivedItem(AccountId account, Network network, DeliveryId delivery, Item item) {}
