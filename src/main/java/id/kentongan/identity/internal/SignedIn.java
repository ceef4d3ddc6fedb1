// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import java.io.Serializable;
import java.util.UUID;

/** What a session knows of its officer: two ids, so that roles are read fresh. */
record SignedIn(UUID tenant, UUID officer) implements Serializable {}
