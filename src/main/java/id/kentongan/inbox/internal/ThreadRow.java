// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.Audience;
import id.kentongan.inbox.ConversationId;
import id.kentongan.privacy.DataKeyId;
import java.util.UUID;

/** What of a conversation decides whether it is joined to another, and whose it is. */
record ThreadRow(ConversationId id, Audience audience, boolean hasCase, UUID contact, DataKeyId key, byte[] thread) {}
