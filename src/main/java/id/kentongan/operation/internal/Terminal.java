// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import id.kentongan.kernel.Refusal;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.springframework.context.MessageSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a verb speaks, in the language of whoever called it.
 *
 * @param confirmed asks whoever sits there; false where nobody does
 */
record Terminal(PrintStream out, PrintStream err, Locale locale, MessageSource messages, BooleanSupplier confirmed) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    String text(String key, Object... arguments) {
        return messages.getMessage(key, arguments, locale);
    }

    void say(String key, Object... arguments) {
        out.println(text(key, arguments));
    }

    /** Says what is wrong and what to do, and returns the exit code for it. */
    int fail(String key, Object... arguments) {
        err.println("kentongan: " + text(key, arguments));
        return 1;
    }

    int fail(Refusal refusal) {
        return fail(refusal.code(), refusal.arguments().toArray());
    }

    void json(Object value) {
        out.println(JSON.writeValueAsString(value));
    }
}
