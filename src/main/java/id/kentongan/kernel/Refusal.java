// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

import java.util.List;

/**
 * An expected "no" that reaches a person: a stable code, a kind that decides the HTTP status, and a message
 * key with its arguments. It never carries an exception's text.
 *
 * @param code stable, dotted, lower case: {@code casework.already-closed}; also the message key
 */
public record Refusal(Kind kind, String code, List<Object> arguments) {
    public enum Kind {
        /** Absent, or not for this actor: the two look the same (404). */
        NOT_FOUND,
        /** The input is wrong; the person can mend it (422). */
        INVALID,
        /** The state has moved on: someone else was faster (409). */
        CONFLICT,
        /** Too many, too large, too fast (429 or 413). */
        LIMITED,
        /** Something outside is away for now (503). */
        UNAVAILABLE
    }

    public Refusal {
        arguments = List.copyOf(arguments);
    }

    public static Refusal notFound() {
        return new Refusal(Kind.NOT_FOUND, "site.not-found", List.of());
    }

    public static Refusal invalid(String code, Object... arguments) {
        return new Refusal(Kind.INVALID, code, List.of(arguments));
    }

    public static Refusal conflict(String code, Object... arguments) {
        return new Refusal(Kind.CONFLICT, code, List.of(arguments));
    }

    public static Refusal limited(String code, Object... arguments) {
        return new Refusal(Kind.LIMITED, code, List.of(arguments));
    }

    public static Refusal unavailable(String code, Object... arguments) {
        return new Refusal(Kind.UNAVAILABLE, code, List.of(arguments));
    }

    public RefusalException asException() {
        return new RefusalException(this);
    }
}
