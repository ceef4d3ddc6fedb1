// SPDX-License-Identifier: Apache-2.0
@NullMarked
package id.kentongan.database.internal;

import org.jspecify.annotations.NullMarked;
