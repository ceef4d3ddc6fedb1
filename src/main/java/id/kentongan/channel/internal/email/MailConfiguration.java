// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.privacy.Vault;
import javax.net.ssl.SSLSocketFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MailSettings.class)
class MailConfiguration {
    @Bean
    OwnIds mailOwnIds(Vault vault) {
        return new OwnIds((actor, value) -> vault.keyedHash(actor, "channel.email.own", value));
    }

    @Bean
    MailServers mailServers(ObjectProvider<SSLSocketFactory> sockets) {
        return new MailServers(sockets.getIfAvailable());
    }

    @Bean
    LetterWriting letterWriting(OwnIds ids) {
        return new LetterWriting(ids);
    }
}
