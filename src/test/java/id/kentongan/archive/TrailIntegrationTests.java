// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.database.ActorTransactions;
import id.kentongan.database.DataFolder;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.TenantId;
import id.kentongan.testing.RandomRuns;
import id.kentongan.testing.WithDatabase;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;

@WithDatabase
class TrailIntegrationTests {
    @Autowired
    Trail trail;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    DatabaseRoles roles;

    @Autowired
    DataFolder folder;

    @Autowired
    org.springframework.context.ApplicationContext context;

    private final TenantId tenant = TenantId.next();
    private final Actor actor = Actor.system(tenant, "test");
    private final UUID subject = Ids.next();

    @BeforeEach
    void tenEntriesAreLinked() throws Exception {
        transactions.run(
                actor,
                () -> trail.recordAll(
                        actor,
                        IntStream.range(0, 10)
                                .mapToObj(n -> TrailEntry.of("test.counted", "thing", subject, Map.of("n", "" + n)))
                                .toList()));
        var deadline = System.nanoTime() + SECONDS.toNanos(10);
        while (finding().linked() < 10 && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        assertThat(finding().linked()).isEqualTo(10);
        signedUpTo(10);
    }

    /** Waits until a checkpoint covers the chain's end: a quiet tail is not left unsigned. */
    private void signedUpTo(long sequence) throws Exception {
        var deadline = System.nanoTime() + SECONDS.toNanos(20);
        while (lastSigned() < sequence && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        assertThat(lastSigned()).isEqualTo(sequence);
    }

    private long lastSigned() throws Exception {
        try (var owner = owner();
                var statement = owner.prepareStatement(
                        "select coalesce(max(sequence), 0) from archive.checkpoint where tenant_id = ?")) {
            statement.setObject(1, tenant.value());
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private java.nio.file.Path file() {
        return folder.checkpoints().resolve(tenant + ".log");
    }

    @Test
    void anUntouchedTrailIsWholeAndSigned() throws Exception {
        assertThat(fault()).isNull();
        assertThat(finding().checkpoints()).isPositive();
        assertThat(trail.about(actor, new Subject("thing", subject)))
                .hasSize(10)
                .allMatch(TrailLine::sealed)
                .extracting(line -> line.entry().facts().get("n"))
                .first()
                .isEqualTo("0");
    }

    @Test
    void aChangedEntryIsNamed() throws Exception {
        var third = entryAt(3);
        asOwner(
                "update archive.entry set facts = '{\"n\":\"77\"}' where tenant_id = ? and id = ?",
                tenant.value(),
                third);
        assertThat(fault()).isEqualTo(new TrailVerifier.Fault(TrailVerifier.Fault.Kind.CHANGED, 3, third));
    }

    @Test
    @Tag("random")
    void whateverIsChangedAnywhereIsNamedAndWholeAgainWhenItIsPutBack() {
        RandomRuns.of("trail: any change of any entry is named", 8, 400, random -> {
            try {
                var sequence = 1 + random.nextInt(10);
                var entry = entryAt(sequence);
                var change = CHANGES.get(random.nextInt(CHANGES.size()));
                asOwner(
                        "update archive.entry set " + change[0] + " where tenant_id = ? and id = ?",
                        tenant.value(),
                        entry);
                assertThat(fault())
                        .as(change[0])
                        .isEqualTo(new TrailVerifier.Fault(TrailVerifier.Fault.Kind.CHANGED, sequence, entry));
                asOwner(
                        "update archive.entry set " + change[1] + " where tenant_id = ? and id = ?",
                        tenant.value(),
                        entry);
                assertThat(fault()).isNull();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** What is done to an entry, and what undoes it. */
    private static final List<String[]> CHANGES = List.of(
            new String[] {"verb = verb || 'x'", "verb = left(verb, -1)"},
            new String[] {"subject_kind = subject_kind || 'x'", "subject_kind = left(subject_kind, -1)"},
            new String[] {"actor_name = actor_name || ' '", "actor_name = left(actor_name, -1)"},
            new String[] {"facts = replace(facts, '\"n\"', '\"m\"')", "facts = replace(facts, '\"m\"', '\"n\"')"},
            new String[] {"at = at + interval '1 millisecond'", "at = at - interval '1 millisecond'"},
            new String[] {"actor_kind = 'OFFICER'", "actor_kind = 'SYSTEM'"},
            new String[] {"commitment = '\\x00'", "commitment = null"});

    @Test
    void aRemovedEntryIsNamed() throws Exception {
        var fourth = entryAt(4);
        asOwner("delete from archive.entry where tenant_id = ? and id = ?", tenant.value(), fourth);
        assertThat(fault()).isEqualTo(new TrailVerifier.Fault(TrailVerifier.Fault.Kind.REMOVED, 4, fourth));
    }

    @Test
    void anEntryRemovedWithItsLinkLeavesAHoleThatIsNamed() throws Exception {
        var fifth = entryAt(5);
        asOwner("delete from archive.entry where tenant_id = ? and id = ?", tenant.value(), fifth);
        asOwner("delete from archive.link where tenant_id = ? and sequence = 5", tenant.value());
        assertThat(fault()).isEqualTo(new TrailVerifier.Fault(TrailVerifier.Fault.Kind.REMOVED, 5, null));
    }

    @Test
    void swappedLinksAreNamed() throws Exception {
        asOwner("update archive.link set sequence = -6 where tenant_id = ? and sequence = 6", tenant.value());
        asOwner("update archive.link set sequence = 6 where tenant_id = ? and sequence = 7", tenant.value());
        asOwner("update archive.link set sequence = 7 where tenant_id = ? and sequence = -6", tenant.value());
        assertThat(kind()).isEqualTo(TrailVerifier.Fault.Kind.REORDERED);
    }

    @Test
    void aTailCutBehindTheCheckpointShowsByTheFileOutsideTheDatabase() throws Exception {
        asOwner("delete from archive.entry where tenant_id = ?", tenant.value());
        asOwner("delete from archive.link where tenant_id = ?", tenant.value());
        asOwner("delete from archive.checkpoint where tenant_id = ?", tenant.value());
        assertThat(kind()).isEqualTo(TrailVerifier.Fault.Kind.TAIL_CUT);
    }

    @Test
    void aForgedCheckpointHasNoSignature() throws Exception {
        Files.writeString(
                folder.checkpoints().resolve(tenant + ".log"),
                "1 " + "00".repeat(32) + " 2026-01-01T00:00:00Z " + "00".repeat(64) + "\n");
        assertThat(kind()).isEqualTo(TrailVerifier.Fault.Kind.CHECKPOINT_SIGNATURE);
    }

    @Test
    void aQuietTailThatIsCutOffIsNoticed() throws Exception {
        // The tenth was signed already; these come within the same minute and nothing follows them.
        transactions.run(actor, () -> trail.record(actor, TrailEntry.of("test.counted", "thing", subject)));
        transactions.run(actor, () -> trail.record(actor, TrailEntry.of("test.counted", "thing", subject)));
        signedUpTo(12);
        asOwner(
                "delete from archive.entry where tenant_id = ? and id in ("
                        + "select entry_id from archive.link where tenant_id = ? and sequence > 10)",
                tenant.value(),
                tenant.value());
        asOwner("delete from archive.link where tenant_id = ? and sequence > 10", tenant.value());
        asOwner("delete from archive.checkpoint where tenant_id = ? and sequence > 10", tenant.value());
        assertThat(fault()).isEqualTo(new TrailVerifier.Fault(TrailVerifier.Fault.Kind.TAIL_CUT, 11, null));
    }

    @Test
    void aCleanStopSignsWhatWasLinked() throws Exception {
        transactions.run(actor, () -> trail.record(actor, TrailEntry.of("test.counted", "thing", subject)));
        var sealer = (SmartLifecycle) context.getBean("sealer");
        sealer.stop();
        try {
            assertThat(finding().linked()).isEqualTo(11);
            assertThat(lastSigned()).isEqualTo(11);
        } finally {
            sealer.start();
        }
    }

    @Test
    void aGarbledLineOfCheckpointsIsNamed() throws Exception {
        var whole = Files.readString(file());
        for (var garbled : new String[] {
            whole.replaceFirst(" ", "x"),
            whole.substring(0, whole.length() - 10) + "\n",
            whole.substring(0, whole.length() - 10),
            whole + whole.lines().toList().getLast() + "\nhalf a lin\n",
            "x".repeat(5000) + "\n" + whole,
            "\n" + whole
        }) {
            Files.writeString(file(), garbled);
            assertThat(kind()).as(garbled).isEqualTo(TrailVerifier.Fault.Kind.CHECKPOINT_GARBLED);
        }
        Files.writeString(file(), whole + "2" + whole.substring(whole.indexOf(' ')));
        assertThat(kind()).as("an order that was changed").isEqualTo(TrailVerifier.Fault.Kind.CHECKPOINT_GARBLED);
        Files.writeString(file(), whole + whole);
        assertThat(fault())
                .as("the same checkpoint twice is what a crash leaves")
                .isNull();
    }

    @Test
    void aCheckpointThatWasTakenOutOfTheFileIsNamed() throws Exception {
        var whole = Files.readString(file());
        Files.delete(file());
        assertThat(fault())
                .isEqualTo(new TrailVerifier.Fault(TrailVerifier.Fault.Kind.CHECKPOINT_MISSING, 10, entryAt(10)));
        Files.writeString(file(), whole);
        assertThat(fault()).isNull();
    }

    @Test
    void aFileThatIsNoTenantsIsNotPassedOver() throws Exception {
        var stray = folder.checkpoints().resolve("notes.log");
        Files.writeString(stray, "");
        try {
            org.assertj.core.api.Assertions.assertThatThrownBy(this::finding)
                    .isInstanceOf(java.io.IOException.class)
                    .hasMessageContaining("notes.log");
        } finally {
            Files.delete(stray);
        }
    }

    @Test
    void theApplicationRoleCannotChangeTheTrail() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> transactions.run(
                        actor, () -> jdbc("update archive.entry set verb = 'x' where subject_id = ?", subject)))
                .hasStackTraceContaining("permission denied");
        org.assertj.core.api.Assertions.assertThatThrownBy(() ->
                        transactions.run(actor, () -> jdbc("delete from archive.link where entry_id = ?", subject)))
                .hasStackTraceContaining("permission denied");
    }

    @Autowired
    org.springframework.jdbc.core.JdbcTemplate template;

    private void jdbc(String sql, Object... values) {
        template.update(sql, values);
    }

    private TrailVerifier.Fault.@Nullable Kind kind() throws Exception {
        var fault = fault();
        return fault == null ? null : fault.kind();
    }

    private TrailVerifier.@Nullable Fault fault() throws Exception {
        return finding().fault();
    }

    private TrailVerifier.Finding finding() throws Exception {
        try (var owner = owner()) {
            return new TrailVerifier(owner, folder.checkpoints(), folder.keys().resolve("checkpoint.pub"))
                    .verify().stream()
                            .filter(finding -> finding.tenant().equals(tenant.value()))
                            .findFirst()
                            .orElse(new TrailVerifier.Finding(tenant.value(), 0, 0, 0, null));
        }
    }

    private UUID entryAt(long sequence) throws Exception {
        try (var owner = owner();
                var statement = owner.prepareStatement(
                        "select entry_id from archive.link where tenant_id = ? and sequence = ?")) {
            statement.setObject(1, tenant.value());
            statement.setLong(2, sequence);
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getObject(1, UUID.class);
            }
        }
    }

    private void asOwner(String sql, Object... values) throws Exception {
        try (var owner = owner();
                var statement = owner.prepareStatement(sql)) {
            for (var i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            assertThat(statement.executeUpdate()).isPositive();
        }
    }

    private Connection owner() throws Exception {
        return DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
    }
}
