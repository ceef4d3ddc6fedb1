// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class VisitorsTests {
    private final Visitors visitors = new Visitors();

    @Test
    void whoeverGuessesAThousandTimesIsStoppedEarly() {
        var guesser = from("192.0.2.1");
        int looked = 0;
        try {
            for (int i = 0; i < 1000; i++) {
                visitors.looksUp(guesser);
                looked++;
                visitors.missed(guesser);
            }
        } catch (RefusalException refused) {
            assertThat(refused.refusal().kind()).isEqualTo(Refusal.Kind.LIMITED);
        }
        assertThat(looked).isEqualTo(Visitors.MISSES);
        visitors.looksUp(from("192.0.2.2"));
    }

    @Test
    void whoeverFindsMayLookAsOftenAsNeeded() {
        var reader = from("192.0.2.3");
        for (int i = 0; i < 1000; i++) {
            visitors.looksUp(reader);
        }
    }

    @Test
    void sendingWithoutEndIsRefused() {
        var sender = from("192.0.2.4");
        for (int i = 0; i < Visitors.SENDINGS; i++) {
            visitors.sends(sender);
        }
        assertThatThrownBy(() -> visitors.sends(sender)).isInstanceOf(RefusalException.class);
    }

    @Test
    void secretsAreLongAndNeverTheSame() {
        var seen = new HashSet<String>();
        for (int i = 0; i < 1000; i++) {
            var key = SecretLink.newKey();
            assertThat(SecretLink.isKey(key)).isTrue();
            assertThat(SecretLink.secretOf(key)).hasSize(26).isNotEqualTo(key);
            assertThat(SecretLink.remoteKeyOf(key)).doesNotContain(SecretLink.secretOf(key));
            seen.add(SecretLink.secretOf(key));
        }
        assertThat(seen).hasSize(1000);
        var key = SecretLink.newKey();
        assertThat(SecretLink.secretOf(key)).isEqualTo(SecretLink.secretOf(key));
    }

    private static MockHttpServletRequest from(String address) {
        var request = new MockHttpServletRequest();
        request.setRemoteAddr(address);
        return request;
    }
}
