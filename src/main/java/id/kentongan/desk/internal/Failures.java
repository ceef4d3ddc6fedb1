// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Why something did not arrive, in words: the codes of the channels belong to programs. */
@Component
class Failures {
    private static final String ANSWERED = "peer-answered-";

    private final Say say;

    Failures(Say say) {
        this.say = say;
    }

    String words(@Nullable String code) {
        if (code == null || code.isBlank()) {
            return say.it("desk.status.no-reason");
        }
        return code.startsWith(ANSWERED)
                ? say.it("channel.failure.peer-answered", code.substring(ANSWERED.length()))
                : say.find("channel.failure." + code).orElseGet(() -> say.it("channel.failure.other", code));
    }
}
