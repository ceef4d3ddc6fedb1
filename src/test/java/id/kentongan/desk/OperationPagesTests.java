// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.casework.Regions;
import id.kentongan.casework.Regions.District;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Intake;
import id.kentongan.desk.DeskHouse.Regency;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Holiday;
import id.kentongan.policy.Rules;
import id.kentongan.testing.Browser;
import id.kentongan.testing.Browser.View;
import id.kentongan.testing.GuidePictures;
import id.kentongan.testing.WithDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;

/** What a government still lacks and what is stuck, read from what is there. */
@WithDatabase
class OperationPagesTests {
    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    @Autowired
    Regions regions;

    @Autowired
    Rules rules;

    @Autowired
    Accounts accounts;

    @Autowired
    Intake intake;

    @Autowired
    Clock clock;

    private Regency regency;
    private Actor administrator;

    @BeforeEach
    void aRegency() {
        regency = new DeskHouse(context).new Regency();
        administrator = regency.officer("Sari Wulandari", regency.tenant.office(), false, Role.ADMINISTRATOR);
    }

    @Test
    void whatIsLackingGoesAwayWhenItIsThere() {
        var system = regency.tenant.system();
        var next =
                LocalDate.ofInstant(clock.instant(), ZoneId.of("Asia/Jakarta")).getYear() + 1;
        try (var browser = regency.signedIn(View.DESKTOP, administrator, port)) {
            var page = regency.open(browser, "/desk/atur/kesiapan");
            var before = page.locator("#readiness-body").innerText();
            assertThat(before)
                    .contains("2 dari 3 perangkat daerah punya petugas. Belum: Dinas Dukcapil.")
                    .contains("warga tidak dapat memilih tempat", "1 aturan meneruskan");
            assertThat(page.locator("a[href='/desk/atur/petugas']").count()).isEqualTo(1);
            GuidePictures.take(page.locator("#readiness-body"), "kesiapan");

            regency.officer("Tuti Handayani", regency.tenant.registry(), false, Role.LIAISON_OFFICER);
            regions.save(system, List.of(new District("99.01.01", "Melati", -7.4, 109.1, List.of())));
            var off = rules.holidays(system, next).stream().map(Holiday::day).toList();
            for (var day = LocalDate.of(next, 3, 1); day.getDayOfMonth() <= 10; day = day.plusDays(1)) {
                if (!off.contains(day)) {
                    rules.addHoliday(system, day, Holiday.Kind.NATIONAL, "Libur rekaan", "SKB rekaan 1/" + next);
                }
            }
            page.reload();
            assertThat(page.locator("#readiness-body").innerText())
                    .contains(
                            "Semua 3 perangkat daerah punya petugas.", "1 kecamatan dan 0 desa", "SKB rekaan 1/" + next)
                    .doesNotContain("warga tidak dapat memilih tempat");
        }
    }

    @Test
    void whatIsStuckStandsInOnePlaceWithItsRemedy() {
        var system = regency.tenant.system();
        try (var browser = regency.signedIn(View.DESKTOP, administrator, port)) {
            var page = regency.open(browser, "/desk/atur/tersendat");
            assertThat(page.locator("#stuck-body").innerText()).contains("Ruang disk", "Ujung jejak");

            var account = regency.account;
            accounts.change(
                    system,
                    new Account(
                            account.id(),
                            account.network(),
                            account.handle(),
                            account.name(),
                            account.summary(),
                            Account.State.BROKEN));
            intake.accept(
                    system, accounts.web(system).id(), Map.of(), "bukan formulir".getBytes(StandardCharsets.UTF_8));
            DeskHouse.await(() -> intake.failures(administrator).isEmpty() ? Optional.empty() : Optional.of(1));
            page.reload();
            assertThat(page.locator("#stuck-body").innerText())
                    .contains(account.handle(), "Sambungkan lagi", "1 pesan masuk disimpan dan belum terbaca");
            assertThat(page.locator("a[href='/desk/atur/kanal/kiriman']").count())
                    .isEqualTo(1);
        }
        // A supervisor settles messages and sees nothing of the machine.
        try (var browser = regency.signedIn(View.DESKTOP, regency.budi, port)) {
            var page = regency.open(browser, "/desk/atur/tersendat");
            assertThat(page.locator("#stuck-body").innerText())
                    .contains("Akun yang ditolak jaringannya")
                    .doesNotContain("Ruang disk");
        }
    }

    @Test
    void bothPagesAreAccessibleOnPhoneAndDesktopInBothLanguages() {
        var soft = new SoftAssertions();
        for (var view : List.of(View.PHONE, View.DESKTOP.inTheDark())) {
            try (var browser = regency.signedIn(view, administrator, port)) {
                for (var path : List.of("/desk/atur/kesiapan", "/desk/atur/tersendat?lang=en")) {
                    var page = regency.open(browser, path);
                    Browser.picture(page, "operation-" + path.replaceAll("\\W+", "-") + view.width());
                    soft.assertThatCode(() -> Browser.assertAccessible(page)).doesNotThrowAnyException();
                    soft.assertThatCode(() -> Browser.assertNoSidewaysScrolling(page))
                            .doesNotThrowAnyException();
                    page.close();
                }
            }
        }
        soft.assertAll();
    }
}
