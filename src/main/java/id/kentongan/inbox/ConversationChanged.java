// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * Something on a conversation changed that a desk showing it must redraw. Heard by the desk's live stream; not stored.
 *
 * @param what the reason: of the inbox, or a word that {@link Conversations#announce} was given
 * @param before who could see it until now, where the change may have taken it out of somebody's reach; else null
 */
public record ConversationChanged(
        TenantId tenant,
        ConversationId conversation,
        String what,
        @Nullable Before before) {

    public ConversationChanged(TenantId tenant, ConversationId conversation, String what) {
        this(tenant, conversation, what, null);
    }

    /** What the policies decided by until the change. */
    public record Before(@Nullable AgencyId agency, boolean confidential) {
        public boolean seenBy(Actor actor) {
            return actor.agencies().includes(agency) && (!confidential || actor.circle());
        }
    }
}
