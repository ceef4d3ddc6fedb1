// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.kernel.TenantId;
import java.util.List;

/**
 * Citizens' messages were stored. One event per intake batch; heard after commit.
 *
 * @param messages in order of arrival
 */
public record MessagesReceived(TenantId tenant, List<Received> messages) {
    /**
     * @param opened whether this message opened its conversation
     * @param addressed whether it is meant for us
     * @param automated whether its author is marked as a bot
     */
    public record Received(
            MessageId message,
            ConversationId conversation,
            ContactId contact,
            boolean opened,
            boolean addressed,
            boolean automated) {}
}
