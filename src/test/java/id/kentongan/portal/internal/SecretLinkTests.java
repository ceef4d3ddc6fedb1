// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

class SecretLinkTests {
    @Test
    void theSameFormLeadsToTheSameLinkAndNeitherTellsTheOther() {
        var key = SecretLink.newKey();
        var secret = SecretLink.secretOf(key);
        assertThat(SecretLink.secretOf(key)).isEqualTo(secret);
        assertThat(SecretLink.remoteKeyOf(key))
                .isEqualTo(SecretLink.remoteKeyOf(key))
                .startsWith("form:")
                .doesNotContain(key)
                .doesNotContain(secret);
        assertThat(secret).isNotEqualTo(key).matches("[a-z2-7]{26}");
        assertThat(SecretLink.isSecret(secret)).isTrue();
    }

    @Test
    void everyFormHasAKeyOfItsOwn() {
        var keys = new HashSet<String>();
        for (var n = 0; n < 1_000; n++) {
            keys.add(SecretLink.newKey());
        }
        assertThat(keys).hasSize(1_000).allMatch(SecretLink::isKey);
    }

    @Test
    void nonsenseIsNeitherKeyNorSecret() {
        assertThat(SecretLink.isKey("")).isFalse();
        assertThat(SecretLink.isKey("aaaa")).isFalse();
        assertThat(SecretLink.isSecret("../../etc/passwd")).isFalse();
        assertThat(SecretLink.isSecret("a".repeat(65))).isFalse();
        assertThat(SecretLink.isSecret("short")).isFalse();
    }
}
