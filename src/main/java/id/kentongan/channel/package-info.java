// SPDX-License-Identifier: Apache-2.0
/**
 * Accounts on networks, their credentials, the intake of what networks deliver and the outbox of what we say, one adapter per network. It tells of deliveries and failures; it never interprets a citizen's words.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "kernel",
            "database",
            "site",
            "archive",
            "identity",
            "identity::spi",
            "privacy",
            "privacy::spi",
            "policy",
            "site::spi"
        })
package id.kentongan.channel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
