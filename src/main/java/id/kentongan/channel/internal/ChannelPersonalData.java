// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import id.kentongan.kernel.PersonalDataHolder;
import id.kentongan.kernel.PersonalField;
import id.kentongan.kernel.PersonalField.Kind;
import id.kentongan.kernel.PersonalField.Protection;
import java.util.List;
import org.springframework.stereotype.Component;

@Component
class ChannelPersonalData implements PersonalDataHolder {
    @Override
    public List<PersonalField> personalFields() {
        return List.of(
                new PersonalField(
                        "channel.account",
                        "credentials",
                        Kind.CREDENTIAL,
                        Protection.SEALED_BY_TENANT,
                        "While the account is used."),
                new PersonalField(
                        "channel.delivery",
                        "sealed",
                        Kind.RAW_DELIVERY,
                        Protection.SEALED_BY_TENANT,
                        "As long as the rules delivery.keep and, when it failed, delivery.keep-failed say; no longer than the words in it."),
                new PersonalField(
                        "channel.delivery_words",
                        "key_hash",
                        Kind.HANDLE,
                        Protection.KEYED_HASH,
                        "As long as the raw delivery."),
                new PersonalField(
                        "channel.delivery_words",
                        "author_hash",
                        Kind.HANDLE,
                        Protection.KEYED_HASH,
                        "As long as the raw delivery."),
                new PersonalField(
                        "channel.outgoing", "sealed", Kind.WORDS, Protection.SEALED_BY_TENANT, "As long as the case."),
                new PersonalField(
                        "channel.ap_actor", "sealed", Kind.HANDLE, Protection.SEALED_BY_TENANT, "Until fetched anew."),
                new PersonalField(
                        "channel.ap_actor", "uri_hash", Kind.HANDLE, Protection.KEYED_HASH, "Until fetched anew."),
                new PersonalField(
                        "channel.ap_follower", "sealed", Kind.HANDLE, Protection.SEALED_BY_TENANT, "While following."),
                new PersonalField(
                        "channel.ap_follower", "actor_hash", Kind.HANDLE, Protection.KEYED_HASH, "While following."),
                new PersonalField(
                        "channel.ap_follower", "follow_hash", Kind.HANDLE, Protection.KEYED_HASH, "While following."),
                new PersonalField(
                        "channel.ap_object", "sealed", Kind.WORDS, Protection.SEALED_BY_TENANT, "As long as the case."),
                new PersonalField(
                        "channel.ap_delivery",
                        "inbox_hash",
                        Kind.HANDLE,
                        Protection.KEYED_HASH,
                        "As long as the case."),
                new PersonalField(
                        "channel.ap_delivery",
                        "sealed",
                        Kind.HANDLE,
                        Protection.SEALED_BY_TENANT,
                        "As long as the case."),
                new PersonalField(
                        "channel.ap_media",
                        "sealed",
                        Kind.ATTACHMENT,
                        Protection.SEALED_BY_TENANT,
                        "As long as the case."),
                new PersonalField(
                        "channel.ap_media",
                        "address_hash",
                        Kind.ATTACHMENT,
                        Protection.KEYED_HASH,
                        "As long as the case."),
                new PersonalField(
                        "channel.seen", "key_hash", Kind.HANDLE, Protection.KEYED_HASH, "As long as the account."));
    }
}
