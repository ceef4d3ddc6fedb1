// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

/** This node hears the others again after it did not: what changed meanwhile is to be asked for. Not stored. */
public record ChangesMissed() {}
