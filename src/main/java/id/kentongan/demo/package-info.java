// SPDX-License-Identifier: Apache-2.0
/**
 * Seeds the demonstration regency, plainly imaginary, through the modules' own verbs. Nothing depends on it.
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
            "policy",
            "channel",
            "channel :: spi",
            "inbox",
            "casework",
            "portal",
            "desk"
        })
package id.kentongan.demo;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
