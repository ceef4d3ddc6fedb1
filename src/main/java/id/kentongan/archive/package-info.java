// SPDX-License-Identifier: Apache-2.0
/**
 * Keeps the trail: who did what, chained and sealed so that an auditor verifies it offline. It tells when a checkpoint is sealed; it never holds a citizen's words in clear.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"kernel", "database", "site"})
package id.kentongan.archive;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
