// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

/** The networks with an adapter. */
public enum Network {
    ACTIVITYPUB("activitypub"),
    EMAIL("email"),
    WEB("web");

    private final String code;

    Network(String code) {
        this.code = code;
    }

    /** Lower-case code used in the database, addresses and icons. */
    public String code() {
        return code;
    }

    public static Network of(String code) {
        for (var network : values()) {
            if (network.code.equals(code)) {
                return network;
            }
        }
        throw new IllegalArgumentException("No network " + code);
    }
}
