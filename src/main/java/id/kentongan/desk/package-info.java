// SPDX-License-Identifier: Apache-2.0
/**
 * What officers work in: inbox, conversation with its case, my work, administration. It owns no data; it composes the modules below.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "kernel",
            "database",
            "site",
            "site :: spi",
            "archive",
            "identity",
            "privacy",
            "policy",
            "channel",
            "inbox",
            "casework"
        })
package id.kentongan.desk;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
