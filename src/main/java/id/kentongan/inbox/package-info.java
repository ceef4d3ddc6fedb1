// SPDX-License-Identifier: Apache-2.0
/**
 * Contacts and their identities, conversations, messages, assignment, drafts and replies. It tells of conversations opened, messages received and replies sent; it knows nothing of cases but the mark they leave on a conversation.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "kernel",
            "database",
            "site",
            "archive",
            "identity",
            "privacy",
            "privacy::spi",
            "policy",
            "channel",
            "channel :: spi"
        })
package id.kentongan.inbox;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
