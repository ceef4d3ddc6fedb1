// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.kernel.TenantId;

/** Something on a conversation changed that a desk showing it must redraw. Heard by the desk's live stream; not stored. */
public record ConversationChanged(TenantId tenant, ConversationId conversation, String what) {}
