// SPDX-License-Identifier: Apache-2.0
/**
 * What whoever runs the platform does with it: founding a government, importing what it has, watching what is stuck and
 * how it fares. It owns no data and changes nothing but through the modules' own verbs; it never reads a citizen's words.
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
package id.kentongan.operation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
