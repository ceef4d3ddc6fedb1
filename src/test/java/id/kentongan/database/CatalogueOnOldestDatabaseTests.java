// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import id.kentongan.testing.OnOldestDatabase;

/** The same rules of what the migrations make on the oldest PostgreSQL that may be external. */
@OnOldestDatabase
class CatalogueOnOldestDatabaseTests extends CatalogueTests {}
