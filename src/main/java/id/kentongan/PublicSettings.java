// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where people reach the platform.
 *
 * @param publicUrl the address people reach it by when a proxy stands before it; set, neither the demonstration
 *     regency nor federation with peers on this machine start
 */
@ConfigurationProperties("kentongan")
record PublicSettings(@DefaultValue("") String publicUrl) {}
