// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

/** A file that cannot be read as a whole, with the reason as a text's key. */
final class UnreadableSheets extends Exception {
    private static final long serialVersionUID = 1;

    private final String key;
    private final transient Object[] arguments;

    UnreadableSheets(String key, Object... arguments) {
        super(key, null, false, false);
        this.key = key;
        this.arguments = arguments;
    }

    String key() {
        return key;
    }

    Object[] arguments() {
        return arguments;
    }
}
