// SPDX-License-Identifier: Apache-2.0
@NullMarked
package id.kentongan.site.internal;

import org.jspecify.annotations.NullMarked;
