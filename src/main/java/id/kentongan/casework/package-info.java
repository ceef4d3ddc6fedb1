// SPDX-License-Identifier: Apache-2.0
/**
 * Cases of every kind: routing, disposition, deadlines, answers, timeline and public tracking. It tells when a case is opened, forwarded, answered, closed, reopened or overdue; it never talks to a network itself.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "kernel",
            "database",
            "site",
            "archive",
            "identity",
            "identity :: spi",
            "privacy",
            "policy",
            "channel",
            "inbox"
        })
package id.kentongan.casework;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
