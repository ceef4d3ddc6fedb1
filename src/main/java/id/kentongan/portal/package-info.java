// SPDX-License-Identifier: Apache-2.0
/**
 * What citizens see: home, report form, tracking. It owns no case and no conversation; it composes the modules below.
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
            "channel :: spi",
            "inbox",
            "casework"
        })
package id.kentongan.portal;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
