// SPDX-License-Identifier: Apache-2.0
/**
 * Seals personal data, holds the keys, the register of who keeps what and the log of who read what. It orders erasure; it never decides what a module keeps.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"kernel", "database", "site", "archive", "archive::spi", "identity", "identity::spi"})
package id.kentongan.privacy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
