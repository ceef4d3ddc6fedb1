// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity;

import id.kentongan.kernel.TenantId;
import java.time.ZoneId;

/**
 * A local government on this installation.
 *
 * @param name full name, "Kabupaten Sukamaju"
 * @param shortName for headers, "Kab. Sukamaju"
 * @param host authority it is reached by, with port when not the default: {@code sukamaju.example}, {@code 127.0.0.1:8080}
 * @param zone WIB, WITA or WIT as a zone id
 * @param casePrefix prefix of public case numbers, "KTG"
 * @param demonstration whether it is the imaginary regency, which every page then says
 */
public record Tenant(
        TenantId id,
        String name,
        String shortName,
        String host,
        ZoneId zone,
        String casePrefix,
        boolean demonstration) {
    /** The address people and servers reach it by, without a slash at the end; https unless it is this machine. */
    public String address() {
        var loopback = host.startsWith("127.") || host.startsWith("localhost") || host.startsWith("[::1]");
        return (loopback ? "http://" : "https://") + host;
    }
}
