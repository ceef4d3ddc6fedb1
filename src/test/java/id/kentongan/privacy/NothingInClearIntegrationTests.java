// SPDX-License-Identifier: Apache-2.0
package id.kentongan.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.archive.Subject;
import id.kentongan.casework.Cases;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Intake;
import id.kentongan.channel.WebForm;
import id.kentongan.database.DataFolder;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Draft;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Rules;
import id.kentongan.testing.PlainText;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.WithDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Fills the database by every way citizens and officers put something in, and looks for it everywhere. */
@WithDatabase
class NothingInClearIntegrationTests {
    @Autowired
    TestTenants tenants;

    @Autowired
    Intake intake;

    @Autowired
    Conversations conversations;

    @Autowired
    Cases cases;

    @Autowired
    Rules rules;

    @Autowired
    ReadingLog readings;

    @Autowired
    DatabaseRoles roles;

    @Autowired
    DataFolder folder;

    private final Random random = new Random();
    private final List<String> words = new ArrayList<>();

    @Test
    void whatAPersonSaidOrIsCalledStandsNowhereInTheDatabaseOrItsFiles() throws Exception {
        var tenant = tenants.found();
        rules.installDefaults(tenant.system());
        var mail = secret() + "@" + secret() + ".example";
        var officer = tenants.officer(tenant, mail, tenant.office(), true, Role.COMMUNICATION_OFFICER);
        var liaison = tenants.officer(tenant, tenant.works(), true, Role.LIAISON_OFFICER);
        var link = "rahasia-" + secret();
        var photo = ("\u00ff\u00d8" + secret()).getBytes(StandardCharsets.ISO_8859_1);
        intake.acceptForm(
                tenant.system(),
                new WebForm(
                        Ids.next().toString(),
                        "Bu " + secret(),
                        "Jembatan " + secret() + " rusak, hubungi " + phone() + " atau " + secret() + "@warga.example",
                        Map.of(
                                "kind",
                                "complaint",
                                "secret",
                                link,
                                "landmark",
                                "Gang " + secret(),
                                "contact",
                                phone(),
                                "lat",
                                coordinate()),
                        List.of(new Attachment(null, "image/jpeg", "Foto " + secret(), photo))));
        var row = conversation(officer);
        var found = cases.ofConversation(officer, row.id()).orElseThrow();
        cases.forward(officer, found.id(), tenant.works(), "Mohon dicek " + secret(), found.version());
        var version = cases.accessible(liaison, found.id()).orElseThrow().version();
        cases.answer(
                liaison, found.id(), "Sudah diperbaiki " + secret(), Ids.next().toString(), version);
        conversations.note(officer, row.id(), "Catatan " + secret());
        conversations.saveDraft(officer, row.id(), new Draft.Window(Ids.next(), null), "Rancangan " + secret());
        cases.add(
                tenant.id(),
                link,
                "Rusak lagi " + secret(),
                List.of(),
                Ids.next().toString());
        readings.mayRead(officer, new Subject("conversation", row.id().value()));
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (conversations.messages(officer, row.id(), null, 50).items().size() < 5 && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        assertThat(words).hasSizeGreaterThan(12);

        try (var owner = owner()) {
            assertThat(PlainText.inTables(owner, List.of(), words)).isEmpty();
        }
        assertThat(PlainText.inFiles(folder.files(), words)).isEmpty();
    }

    @Test
    void aReadableValueIsFoundInWhateverFormItIsKept() throws Exception {
        var word = secret();
        try (var owner = owner();
                var statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            statement.execute("create table privacy.trial (tenant_id uuid, a text, b bytea, c text, d jsonb, e text)");
            statement.execute(
                    "insert into privacy.trial select null, 'x %1$s y', 'x%1$sy', encode('ab%1$sc', 'base64'),"
                                    .formatted(word)
                            + " jsonb_build_object('a', '%1$s'), encode('%1$s', 'hex')".formatted(word));
            assertThat(PlainText.inTables(owner, List.of(), List.of(word)))
                    .extracting(line -> line.substring(0, line.indexOf(' ')))
                    .contains("privacy.trial.a", "privacy.trial.b", "privacy.trial.c", "privacy.trial.d")
                    .contains("privacy.trial.e");
            owner.rollback();
        }
    }

    private ConversationRow conversation(Actor officer) throws InterruptedException {
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            for (var row : conversations
                    .list(officer, ConversationFilter.of(Box.OPEN), null, 10)
                    .items()) {
                if (row.mark() != null) {
                    return row;
                }
            }
            Thread.sleep(50);
        }
        throw new AssertionError("The form became no case");
    }

    /** A word that nothing else in the database holds. */
    private String secret() {
        var word = new StringBuilder("zq");
        for (var i = 0; i < 12; i++) {
            word.append((char) ('a' + random.nextInt(26)));
        }
        words.add(word.toString());
        return word.toString();
    }

    private String phone() {
        var number = "0812" + (10_000_000 + random.nextInt(80_000_000));
        words.add(number);
        return number;
    }

    private String coordinate() {
        var latitude = "-7.49" + (10_000_000 + random.nextInt(80_000_000));
        words.add(latitude);
        return latitude;
    }

    private Connection owner() throws Exception {
        return DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
    }
}
