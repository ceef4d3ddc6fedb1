// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import id.kentongan.testing.OnOldestDatabase;
import org.springframework.test.annotation.DirtiesContext;

/** Backed up on the oldest PostgreSQL that may be external, and restored into the embedded one. */
@OnOldestDatabase
@DirtiesContext
class BackupFromOldestDatabaseIntegrationTests extends BackupIntegrationTests {}
