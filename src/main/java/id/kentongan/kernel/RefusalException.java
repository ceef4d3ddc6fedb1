// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

/** Carries a {@link Refusal} out of a transaction, which it rolls back. Rendered by {@code site}. */
public final class RefusalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    public RefusalException(Refusal refusal) {
        super(refusal.code(), null, false, false);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
