// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

/** One entry of a list to choose from, as the select component draws it. */
record Choice(String value, String label) {}
