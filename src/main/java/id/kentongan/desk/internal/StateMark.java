// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

/**
 * A state as the state component draws it: word, icon and colour.
 *
 * @param kind quiet, good, late, waiting, label, late-label, good-label, emergency
 */
record StateMark(String kind, String icon, String text) {}
