// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb as the launcher calls it: exit codes, and errors that say what to do. */
class KeysCommandTests {
    @TempDir
    Path temporary;

    private String said = "";

    @BeforeEach
    void noPassphraseInTheEnvironment() {
        assumeTrue(System.getenv("KENTONGAN_KEYS_PASSPHRASE") == null);
    }

    @Test
    void keysGoFromOneInstallationToAnother() throws Exception {
        var original = installation("original");
        var file = temporary.resolve("keys.txt").toString();
        assertThat(run("kentongan berbunyi tiga kali", "export", file, "--data", original.toString()))
                .isZero();
        assertThat(said).contains("passphrase only").doesNotContain("berbunyi");
        var other = temporary.resolve("other");
        assertThat(run("salah salah salah", "import", file, "--data", other.toString()))
                .isEqualTo(1);
        assertThat(said).contains("passphrase is wrong");
        assertThat(run("kentongan berbunyi tiga kali", "import", file, "--data", other.toString()))
                .isZero();
        assertThat(other.resolve("keys/master.properties"))
                .content()
                .contains(Files.readString(original.resolve("keys/master.properties"))
                        .strip());
        assertThat(run("kentongan berbunyi tiga kali", "import", file, "--data", other.toString()))
                .isZero();
        assertThat(said).contains("already");
    }

    @Test
    void whatCannotBeDoneSaysWhatToDo() throws Exception {
        var original = installation("original").toString();
        var file = temporary.resolve("keys.txt").toString();
        assertThat(run("", "export", file, "--data", original)).isEqualTo(1);
        assertThat(said).contains("no passphrase was given", "KENTONGAN_KEYS_PASSPHRASE");
        assertThat(run("pendek", "export", file, "--data", original)).isEqualTo(1);
        assertThat(said).contains("12 characters");
        assertThat(run("x", "import", file, "--data", original)).isEqualTo(1);
        assertThat(said).contains("there is no file");
        assertThat(run("x", "rotate", "--data", original)).isEqualTo(1);
        assertThat(said).contains("nothing runs on", "kentongan up");
        assertThat(run("x", "export", file, "--data", temporary.resolve("none").toString()))
                .isEqualTo(1);
        assertThat(said).contains("there is no installation", "--data");
        assertThat(Path.of(file)).doesNotExist();
    }

    @Test
    void wrongWordsAreToldFromTrouble() {
        assertThat(run("", "--help")).isZero();
        assertThat(said).contains("keys export FILE", "keys import FILE", "keys rotate", "Exit code");
        for (var words : List.of(
                new String[] {},
                new String[] {"lose"},
                new String[] {"export"},
                new String[] {"rotate", "now"},
                new String[] {"export", "a", "--passphrase", "b"})) {
            assertThat(run("", words)).as(String.join(" ", words)).isEqualTo(2);
        }
    }

    private Path installation(String name) throws Exception {
        var keys = Files.createDirectories(temporary.resolve(name).resolve("keys"));
        var key = Base64.getEncoder().encodeToString(new byte[32]);
        Files.writeString(keys.resolve("master.properties"), "1=" + key + "\n");
        return temporary.resolve(name);
    }

    private int run(String input, String... words) {
        var in = System.in;
        var out = System.out;
        var err = System.err;
        var bytes = new ByteArrayOutputStream();
        var print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        try {
            System.setIn(new ByteArrayInputStream((input + "\n").getBytes(StandardCharsets.UTF_8)));
            System.setOut(print);
            System.setErr(print);
            return KeysCommand.run(List.of(words), temporary.resolve("default"));
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
            said = bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
