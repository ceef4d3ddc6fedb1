// SPDX-License-Identifier: Apache-2.0
/**
 * The one database: starts the embedded PostgreSQL or reaches an external one, keeps the owner's and the
 * application's roles apart, and sets tenant and actor for every transaction. It owns one table: events that
 * a listener fails on.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"kernel"})
package id.kentongan.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
