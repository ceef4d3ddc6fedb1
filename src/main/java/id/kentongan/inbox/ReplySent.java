// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.kernel.TenantId;

/** An officer or a rule answered in a conversation; the message is in the outbox. */
public record ReplySent(TenantId tenant, ConversationId conversation, MessageId message, boolean automatic) {}
