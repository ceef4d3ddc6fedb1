// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.casework.CaseKind;
import id.kentongan.casework.RoutingRule;
import id.kentongan.channel.Network;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Ids;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingTests {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 24);

    @ParameterizedTest
    @CsvSource({
        "'JALAN RUSAK di depan pasar', true",
        "'Jalan, rusak! Tolong…', true",
        "'jalan   rusak', true",
        "'perjalanan rusak karena hujan', false",
        "'jalan rusakan', false",
        "'rusak jalan', false",
        "'', false",
    })
    void aPhraseFitsWholeWordsInTheirOrderWhateverTheirCase(String text, boolean fits) {
        var routing = new Routing(List.of(rule(1, List.of("Jalan rusak"), null, null, null)), TODAY);
        assertThat(routing.fitting(text, Network.WEB, null).isPresent()).isEqualTo(fits);
    }

    @Test
    void accentsMakeNoDifference() {
        var routing = new Routing(List.of(rule(1, List.of("listrik padam"), null, null, null)), TODAY);
        assertThat(routing.fitting("Listrík pàdam sejak pagi", Network.WEB, null))
                .isPresent();
    }

    @Test
    void theFirstRuleInOrderDecides() {
        var first = rule(1, List.of("lampu"), null, null, null);
        var second = rule(2, List.of("jalan"), null, null, null);
        var routing = new Routing(List.of(first, second), TODAY);
        assertThat(routing.fitting("Lampu jalan mati", Network.WEB, null)).contains(first);
    }

    @Test
    void networkAndDistrictNarrowARule() {
        var routing = new Routing(List.of(rule(1, List.of(), Network.ACTIVITYPUB, "99.01.02", null)), TODAY);
        assertThat(routing.fitting("Halo", Network.ACTIVITYPUB, "99.01.02")).isPresent();
        assertThat(routing.fitting("Halo", Network.WEB, "99.01.02")).isEmpty();
        assertThat(routing.fitting("Halo", Network.ACTIVITYPUB, "99.01.03")).isEmpty();
        assertThat(routing.fitting("Halo", Network.ACTIVITYPUB, null)).isEmpty();
    }

    @Test
    void aRuleThatHasEndedDecidesNothing() {
        var routing = new Routing(List.of(rule(1, List.of("jalan"), null, null, TODAY.minusDays(1))), TODAY);
        assertThat(routing.fitting("jalan", Network.WEB, null)).isEmpty();
        assertThat(new Routing(List.of(rule(1, List.of("jalan"), null, null, TODAY)), TODAY)
                        .fitting("jalan", Network.WEB, null))
                .isPresent();
    }

    @Test
    void aWordOfPunctuationFitsNothingInsteadOfEverything() {
        var routing = new Routing(List.of(rule(1, List.of("!!!"), null, null, null)), TODAY);
        assertThat(routing.fitting("Apa saja!!!", Network.WEB, null)).isEmpty();
    }

    private static RoutingRule rule(
            int order,
            List<String> words,
            @Nullable Network network,
            @Nullable String district,
            @Nullable LocalDate until) {
        return new RoutingRule(
                Ids.next(),
                order,
                "Aturan uji",
                words,
                network,
                district,
                CaseKind.COMPLAINT,
                null,
                AgencyId.next(),
                "Uji coba",
                LocalDate.of(2020, 1, 1),
                until);
    }
}
