// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.identity.spi.OpenPosts;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FederationSettings.class)
class FederationConfiguration {
    @Bean
    OpenPosts activityPubPosts() {
        return () -> List.of("/ap/**");
    }
}
