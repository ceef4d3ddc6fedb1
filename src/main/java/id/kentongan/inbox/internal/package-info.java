// SPDX-License-Identifier: Apache-2.0
/**
 * Stores of contacts, conversations and messages; receiving, searching, replying.
 */
@NullMarked
package id.kentongan.inbox.internal;

import org.jspecify.annotations.NullMarked;
