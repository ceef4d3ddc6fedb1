// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;

/** Calls the operator's verbs as the launcher does, in the application that a test runs. */
final class Shell {
    private final BeanFactory beans;
    /** Whether somebody sits there and says yes. */
    boolean confirms;

    Shell(BeanFactory beans) {
        this.beans = beans;
    }

    record Ended(int code, String out, String err) {}

    Ended run(String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var rest = new ArrayList<>(List.of(words).subList(1, words.length));
        if (!rest.contains("--language")) {
            rest.addAll(List.of("--language", "id"));
        }
        var code = OperatorVerbs.run(
                words[0],
                rest,
                Path.of("target/nowhere"),
                data -> work -> work.applyAsInt(beans),
                stream(out),
                stream(err),
                () -> confirms);
        return new Ended(code, text(out), text(err));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
