// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where people reach the platform.
 *
 * @param publicUrl the address people reach it by when a proxy stands before it; set, neither the demonstration
 *     regency nor federation with peers on this machine start
 * @param trustedProxies the addresses of the proxies before it, as CIDR (`192.0.2.10/32,2001:db8::/64`); only what comes from
 *     one of them is believed when it names the visitor's address (`X-Forwarded-For`), scheme (`X-Forwarded-Proto`) or
 *     host (`X-Forwarded-Host`). Empty believes nobody
 */
@ConfigurationProperties("kentongan")
record PublicSettings(
        @DefaultValue("") String publicUrl,
        @DefaultValue("") List<String> trustedProxies) {}
