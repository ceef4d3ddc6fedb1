// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How mailboxes are heard.
 *
 * @param poll how often a mailbox is looked into whose server cannot tell by itself that something came
 * @param idle how long a server is listened to before it is asked whether it is still there
 * @param patience how long a letter to ourselves may take when a mailbox is tried
 */
@ConfigurationProperties("kentongan.mail")
record MailSettings(
        @DefaultValue("60s") Duration poll,
        @DefaultValue("60s") Duration idle,
        @DefaultValue("20s") Duration patience) {}
