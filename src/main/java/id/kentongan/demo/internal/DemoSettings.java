// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The demonstration regency.
 *
 * @param demo whether it is made at the first start; the launcher says no when bound to anything but loopback
 * @param demoMonth whether it lives through a month of messages, cases and answers then; false leaves it empty
 */
@ConfigurationProperties("kentongan")
record DemoSettings(
        @DefaultValue("false") boolean demo,
        @DefaultValue("true") boolean demoMonth) {}
