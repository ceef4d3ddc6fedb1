// SPDX-License-Identifier: Apache-2.0
/**
 * Tenants, agencies and their tree, officers, roles, sign-in and sessions. It tells of officer and agency changes; it never knows what officers work on.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"kernel", "database", "site", "site :: spi", "archive"})
package id.kentongan.identity;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
