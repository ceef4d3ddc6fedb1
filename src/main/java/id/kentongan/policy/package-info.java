// SPDX-License-Identifier: Apache-2.0
/**
 * Dated rules with sources: deadlines, working calendars, house rules. It answers what holds on a day; it never acts by itself.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"kernel", "database", "site", "archive", "identity", "identity::spi", "privacy"})
package id.kentongan.policy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
