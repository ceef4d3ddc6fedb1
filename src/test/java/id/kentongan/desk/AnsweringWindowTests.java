// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.inbox.ConversationId;
import id.kentongan.testing.Visitor;
import id.kentongan.testing.WithDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

/** "Somebody else is answering": who is told, for how long, and until when, by a clock that the test moves. */
@WithDatabase
@Import(AnsweringWindowTests.Moved.class)
class AnsweringWindowTests {
    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    @Autowired
    MovedClock clock;

    private DeskHouse house;
    private Regency regency;
    private ConversationId talk;
    private String path;

    @BeforeEach
    void aQuestion() {
        house = new DeskHouse(context);
        regency = house.new Regency();
        regency.receives(regency.said(
                "https://warga.example/" + regency.tenant.id(),
                "wati",
                null,
                Duration.ofHours(1),
                "Kapan pasar buka?"));
        talk = regency.row(regency.budi, "pasar buka").id();
        path = "/desk/percakapan/" + talk;
    }

    @Test
    void whoWritesIsNamedToTheOthersForAMinuteAfterTheLastLetter() {
        var all = house.conversations;
        assertThat(all.present(regency.rina, talk, true)).as("not oneself").isEmpty();
        assertThat(all.accessible(regency.budi, talk).orElseThrow().others()).containsExactly(regency.rina.officer());
        clock.passes(Duration.ofSeconds(59));
        assertThat(all.accessible(regency.budi, talk).orElseThrow().others()).containsExactly(regency.rina.officer());
        // Whoever goes on writing goes on being named.
        all.present(regency.rina, talk, true);
        clock.passes(Duration.ofSeconds(59));
        assertThat(all.present(regency.budi, talk, true)).containsExactly(regency.rina.officer());
        assertThat(all.accessible(regency.rina, talk).orElseThrow().others()).containsExactly(regency.budi.officer());
        clock.passes(Duration.ofSeconds(1));
        assertThat(all.accessible(regency.budi, talk).orElseThrow().others())
                .as("a minute after")
                .isEmpty();
        assertThat(all.accessible(regency.rina, talk).orElseThrow().others()).containsExactly(regency.budi.officer());
        // Who empties the box has stopped, and so has who has answered.
        all.present(regency.budi, talk, false);
        assertThat(all.accessible(regency.rina, talk).orElseThrow().others()).isEmpty();
        all.present(regency.rina, talk, true);
        all.reply(regency.rina, talk, "public", "Pukul enam.", "k1", null);
        assertThat(all.accessible(regency.budi, talk).orElseThrow().others()).isEmpty();
    }

    @Test
    void thePageOfAColleagueNamesWhoIsAnsweringUntilTheMinuteIsOver() {
        var rina = regency.visitor(regency.rina, port);
        var budi = regency.visitor(regency.budi, port);
        assertThat(writing(budi)).isEmpty();
        rina.get(path);
        rina.post(path + "/draf", Map.of("text", "Pasar buka"));
        assertThat(writing(rina)).isEmpty();
        assertThat(writing(budi)).isEqualTo("Sedang menjawab: Rina Setya");
        // The piece that an open page fetches when it is told.
        var piece = budi.get(path, "HX-Request", "true", "HX-Target", "writing");
        assertThat(piece.page().select("#writing").text()).isEqualTo("Sedang menjawab: Rina Setya");
        clock.passes(Duration.ofSeconds(59));
        assertThat(writing(budi)).isEqualTo("Sedang menjawab: Rina Setya");
        clock.passes(Duration.ofSeconds(2));
        assertThat(writing(budi)).isEmpty();
        assertThat(budi.get(path, "HX-Request", "true", "HX-Target", "writing")
                        .page()
                        .select("#writing")
                        .text())
                .isEmpty();
        rina.post(path + "/draf", Map.of("text", "Pasar buka pukul"));
        assertThat(writing(budi)).isEqualTo("Sedang menjawab: Rina Setya");
        rina.post(path + "/draf", Map.of("text", ""));
        assertThat(writing(budi)).isEmpty();
    }

    private String writing(Visitor visitor) {
        return visitor.get(path).page().select("#writing").text();
    }

    @TestConfiguration
    static class Moved {
        @Bean
        @Primary
        MovedClock movedClock() {
            return new MovedClock();
        }
    }

    /** Stands still, in whole seconds, until it is moved. */
    static final class MovedClock extends Clock {
        private volatile Instant now =
                Instant.ofEpochSecond(Clock.systemUTC().instant().getEpochSecond());

        void passes(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return Clock.fixed(now, zone);
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
