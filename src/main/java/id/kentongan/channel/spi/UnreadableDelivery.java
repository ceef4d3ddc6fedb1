// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.spi;

/** A delivery that cannot be read; {@code code} is stable and shown to an administrator. */
public final class UnreadableDelivery extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean worthRetrying;

    public UnreadableDelivery(String code, boolean worthRetrying) {
        super(code, null, false, false);
        this.code = code;
        this.worthRetrying = worthRetrying;
    }

    public String code() {
        return code;
    }

    /** Whether trying again later by itself may help (a key that could not be fetched). */
    public boolean worthRetrying() {
        return worthRetrying;
    }
}
