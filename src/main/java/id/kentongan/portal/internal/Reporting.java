// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import id.kentongan.casework.Cases;
import id.kentongan.casework.Regions;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Intake;
import id.kentongan.channel.WebForm;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Hands a checked report to the intake and waits a moment for its case. */
@Component
class Reporting {
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration GLANCE = Duration.ofMillis(100);

    private final Intake intake;
    private final Cases cases;

    Reporting(Intake intake, Cases cases) {
        this.intake = intake;
        this.cases = cases;
    }

    /** Stores the report durably; returns the token of its secret link. The same form sent again returns the same. */
    String send(
            Visit visit, ReportForm form, List<Regions.District> districts, List<Attachment> photos, String language) {
        var key = form.withKey().key();
        if (key == null) {
            throw new IllegalStateException("A form with a key has one");
        }
        var secret = SecretLink.secretOf(key);
        var name = stripped(form.name());
        var hints = hints(form, districts, secret);
        hints.put("language", language);
        intake.acceptForm(
                visit.actor(),
                new WebForm(SecretLink.remoteKeyOf(key), name == null ? "" : name, form.words(), hints, photos));
        return secret;
    }

    /** The case of a report just sent, once the rules have opened it; most are there within a second. */
    Optional<Cases.ReporterCase> await(Visit visit, String secret) {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var found = cases.bySecret(visit.tenant(), secret);
            if (found.isPresent() || System.nanoTime() > until) {
                return found;
            }
            try {
                Thread.sleep(GLANCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    private static Map<String, String> hints(ReportForm form, List<Regions.District> districts, String secret) {
        var hints = new LinkedHashMap<String, String>();
        put(hints, "kind", form.chosenKind());
        put(hints, "identity", form.identity());
        var ofVillage = form.villageDistrict(districts);
        put(hints, "district", ofVillage == null ? form.district() : ofVillage.code());
        put(hints, "village", form.village());
        put(hints, "landmark", form.landmark());
        if (form.hasPin()) {
            put(hints, "lat", form.lat());
            put(hints, "lon", form.lon());
        }
        put(hints, "name", form.name());
        put(hints, "contact", form.contact());
        put(hints, "secret", secret);
        return hints;
    }

    private static void put(Map<String, String> hints, String name, @Nullable String value) {
        var stripped = stripped(value);
        if (stripped != null) {
            hints.put(name, stripped);
        }
    }

    private static @Nullable String stripped(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }
}
