// SPDX-License-Identifier: Apache-2.0
package id.kentongan.process;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.process.Installation.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator does on the first Tuesday, by the launcher, beside a running platform and with none. */
@Timeout(900)
class OperatorVerbsTests {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void aGovernmentIsFoundedBesideARunningPlatformAndWithNone() throws Exception {
        try (var house = Installation.fresh()) {
            var nothing = house.verb("tenant", "list");
            assertThat(nothing.code()).isEqualTo(1);
            assertThat(nothing.err()).contains("there is no installation", "--no-demo", "--data");

            house.up("--no-demo").ok();
            assertThat(house.verb("tenant", "list", "--language", "en").ok().out())
                    .contains("There is no government yet");
            var made = json(create(house, "lapor.sukamakmur.example").ok());
            assertThat(made.get("invitation").asString()).startsWith("https://lapor.sukamakmur.example/invitation/");
            var page = house.get(
                    made.get("invitation").asString().replaceFirst("https://[^/]+", ""), "Accept", "text/html");
            assertThat(page.statusCode()).as("the running platform knows it").isEqualTo(200);
            assertThat(page.body()).contains("Kata sandi", "Administrator");
            var taken = create(house, "lapor.sukamakmur.example");
            assertThat(taken.code()).isEqualTo(1);
            assertThat(taken.err()).contains("lapor.sukamakmur.example");
            assertThat(house.get("/").statusCode()).isEqualTo(200);
            assertThat(house.down().ok().out())
                    .as("a verb leaves the files of the platform that runs")
                    .contains("Stopped.");

            create(house, "lapor.sukatani.example").ok();
            var all = json(house.verb("tenant", "list", "--json").ok());
            assertThat(all.size()).isEqualTo(2);
            assertThat(all.findValuesAsString("address"))
                    .containsExactlyInAnyOrder("https://lapor.sukamakmur.example", "https://lapor.sukatani.example");
            assertThat(house.verb("trail", "verify").ok().out()).contains("The trail is whole");

            // Words that are wrong are said without opening anything.
            var wrong = house.verb("tenant", "create", "--kind", "provinsi");
            assertThat(wrong.code()).isEqualTo(2);
            assertThat(wrong.err()).contains("./kentongan tenant --help");
        }
    }

    private static Ended create(Installation house, String host) {
        return house.verb(
                "tenant",
                "create",
                "--name",
                "Sukamakmur",
                "--kind",
                "kabupaten",
                "--host",
                host,
                "--zone",
                "WIB",
                "--admin-mail",
                "ani@uji.example",
                "--json");
    }

    private static JsonNode json(Ended ended) {
        return JSON.readTree(ended.out());
    }
}
