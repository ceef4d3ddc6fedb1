// SPDX-License-Identifier: Apache-2.0
@NullMarked
package id.kentongan.operation.internal;

import org.jspecify.annotations.NullMarked;
