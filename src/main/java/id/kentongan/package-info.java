// SPDX-License-Identifier: Apache-2.0
@NullMarked
package id.kentongan;

import org.jspecify.annotations.NullMarked;
