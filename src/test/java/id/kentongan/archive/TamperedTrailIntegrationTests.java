// SPDX-License-Identifier: Apache-2.0
package id.kentongan.archive;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.archive.TrailVerifier.Fault;
import id.kentongan.archive.TrailVerifier.Fault.Kind;
import id.kentongan.database.ActorTransactions;
import id.kentongan.database.DataFolder;
import id.kentongan.database.DatabaseRoles;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Ids;
import id.kentongan.kernel.TenantId;
import id.kentongan.testing.RandomRuns;
import id.kentongan.testing.WithDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Whoever may write the database changes, removes, moves, inserts and cuts off entries, and whoever may write the data
 * folder the lines of checkpoints; what is named is the first place that is wrong. The sealer rests meanwhile, so that
 * nothing is signed between a change and its discovery.
 */
@WithDatabase
class TamperedTrailIntegrationTests {
    private static final int LENGTH = 12;
    private static final List<String> TABLES = List.of("entry", "link", "checkpoint");

    @Autowired
    Trail trail;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    DatabaseRoles roles;

    @Autowired
    DataFolder folder;

    @Autowired
    ApplicationContext context;

    private final TenantId tenant = TenantId.next();
    private final Actor actor = Actor.system(tenant, "test");
    private final List<UUID> entries = new ArrayList<>();
    private SmartLifecycle sealer;
    private Connection owner;
    private String lines = "";

    @BeforeEach
    void aTrailThatIsSignedInTwoSteps() throws Exception {
        sealer = (SmartLifecycle) context.getBean("sealer");
        owner = DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
        for (var half = 0; half < 2; half++) {
            sealer.stop();
            for (var n = 0; n < LENGTH / 2; n++) {
                var facts = Map.of("n", half + "-" + n);
                transactions.run(
                        actor, () -> trail.record(actor, TrailEntry.of("test.counted", "thing", Ids.next(), facts)));
            }
            sealer.start();
            // A clean stop links and signs all there is.
            sealer.stop();
        }
        try (var statement = owner.createStatement();
                var rows = statement.executeQuery(
                        "select entry_id from archive.link where tenant_id = " + me() + " order by sequence")) {
            while (rows.next()) {
                entries.add(rows.getObject(1, UUID.class));
            }
        }
        for (var table : TABLES) {
            sql("create temporary table kept_" + table + " as select * from archive." + table + " where tenant_id = "
                    + me());
        }
        lines = Files.readString(file());
        assertThat(entries).hasSize(LENGTH);
        assertThat(lines.lines()).hasSize(2);
        assertThat(fault()).isNull();
    }

    @AfterEach
    void theSealerGoesOn() throws Exception {
        sealer.start();
        owner.close();
    }

    @Test
    @Tag("random")
    void whateverIsDoneToItIsNamedAtItsFirstWrongEntry() {
        RandomRuns.of("trail: whatever is done to it is named at its first wrong entry", 40, 2_000, random -> {
            try {
                var deed = DEEDS.get(random.nextInt(DEEDS.size()));
                var expected = deed.on(this, random);
                assertThat(fault()).as(deed.toString()).isEqualTo(expected);
                asBefore();
                assertThat(fault()).isNull();
            } catch (SQLException | IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Does something, and says what must be found. */
    private interface Deed {
        Fault on(TamperedTrailIntegrationTests test, Random random) throws SQLException, IOException;
    }

    private static final List<Deed> DEEDS = List.of(
            TamperedTrailIntegrationTests::change,
            TamperedTrailIntegrationTests::changeTwo,
            TamperedTrailIntegrationTests::remove,
            TamperedTrailIntegrationTests::removeWithLink,
            TamperedTrailIntegrationTests::swapPlaces,
            TamperedTrailIntegrationTests::swapContents,
            TamperedTrailIntegrationTests::insertBeside,
            TamperedTrailIntegrationTests::insertIntoChain,
            TamperedTrailIntegrationTests::changeAndRewriteChain,
            TamperedTrailIntegrationTests::cutTail,
            TamperedTrailIntegrationTests::changeSignatureOfRow,
            TamperedTrailIntegrationTests::changeLine,
            TamperedTrailIntegrationTests::removeLine);

    private Fault change(Random random) throws SQLException {
        var place = place(random);
        alter(place);
        return new Fault(Kind.CHANGED, place, at(place));
    }

    private Fault changeTwo(Random random) throws SQLException {
        var one = place(random);
        var other = otherThan(one, random);
        alter(one);
        alter(other);
        return new Fault(Kind.CHANGED, Math.min(one, other), at(Math.min(one, other)));
    }

    private Fault remove(Random random) throws SQLException {
        var place = place(random);
        sql("delete from archive.entry where tenant_id = " + me() + " and id = '" + at(place) + "'");
        return new Fault(Kind.REMOVED, place, at(place));
    }

    private Fault removeWithLink(Random random) throws SQLException {
        var place = place(random);
        sql("delete from archive.entry where tenant_id = " + me() + " and id = '" + at(place) + "'");
        sql("delete from archive.link where tenant_id = " + me() + " and sequence = " + place);
        return new Fault(place == LENGTH ? Kind.TAIL_CUT : Kind.REMOVED, place, null);
    }

    private Fault swapPlaces(Random random) throws SQLException {
        var one = place(random);
        var other = otherThan(one, random);
        var first = Math.min(one, other);
        var second = Math.max(one, other);
        move(first, -first);
        move(second, first);
        move(-first, second);
        return new Fault(Kind.REORDERED, first, at(second));
    }

    private Fault swapContents(Random random) throws SQLException {
        var one = place(random);
        var other = otherThan(one, random);
        sql(
                "update archive.entry e set facts = o.facts, subject_id = o.subject_id from archive.entry o where e.tenant_id = "
                        + me() + " and o.tenant_id = e.tenant_id and (e.id, o.id) in (('" + at(one) + "', '" + at(other)
                        + "'), ('" + at(other) + "', '" + at(one) + "'))");
        var first = Math.min(one, other);
        return new Fault(Kind.CHANGED, first, at(first));
    }

    /** Past the sealer's queue. */
    private Fault insertBeside(Random random) throws SQLException {
        return new Fault(Kind.ADDED, 0, insert(random));
    }

    /** With a place of its own in a chain that is recomputed as the sealer would: only the signatures are missing. */
    private Fault insertIntoChain(Random random) throws SQLException {
        var inserted = insert(random);
        var place = place(random);
        sql("update archive.link set sequence = -sequence - 1 where tenant_id = " + me() + " and sequence >= " + place);
        sql("update archive.link set sequence = -sequence where tenant_id = " + me() + " and sequence < 0");
        sql("insert into archive.link (tenant_id, sequence, entry_id, entry_hash, chain_hash) values (" + me() + ", "
                + place + ", '" + inserted + "', '\\x00', '\\x00')");
        rewriteChain();
        var checked = place <= signed() ? signed() : LENGTH;
        return mismatch(place, place == checked ? inserted : at(checked - 1));
    }

    private Fault changeAndRewriteChain(Random random) throws SQLException {
        var place = place(random);
        alter(place);
        rewriteChain();
        return mismatch(place, at(place <= signed() ? signed() : LENGTH));
    }

    /** At the first checkpoint from that place on. */
    private Fault mismatch(int place, UUID entry) {
        return new Fault(Kind.CHECKPOINT_MISMATCH, place <= signed() ? signed() : LENGTH, entry);
    }

    private Fault cutTail(Random random) throws SQLException {
        var place = place(random);
        sql("delete from archive.entry where tenant_id = " + me()
                + " and id in (select entry_id from archive.link where tenant_id = " + me() + " and sequence >= "
                + place
                + ")");
        sql("delete from archive.link where tenant_id = " + me() + " and sequence >= " + place);
        sql("delete from archive.checkpoint where tenant_id = " + me() + " and sequence >= " + place);
        return new Fault(Kind.TAIL_CUT, place, null);
    }

    private Fault changeSignatureOfRow(Random random) throws SQLException {
        var sequence = random.nextBoolean() ? signed() : LENGTH;
        sql(
                "update archive.checkpoint set signature = set_byte(signature, 7, 255 - get_byte(signature, 7)) where tenant_id = "
                        + me() + " and sequence = " + sequence);
        return new Fault(Kind.CHECKPOINT_SIGNATURE, sequence, null);
    }

    private Fault changeLine(Random random) throws IOException {
        var all = new ArrayList<>(lines.lines().toList());
        var which = random.nextInt(all.size());
        var parts = all.get(which).split(" ");
        // Of the hash that is signed, or of the signature.
        var part = random.nextBoolean() ? 1 : 3;
        var digits = new StringBuilder(parts[part]);
        var digit = random.nextInt(digits.length());
        digits.setCharAt(digit, digits.charAt(digit) == '0' ? '1' : '0');
        parts[part] = digits.toString();
        all.set(which, String.join(" ", parts));
        Files.writeString(file(), String.join("\n", all) + "\n");
        return new Fault(Kind.CHECKPOINT_SIGNATURE, which == 0 ? signed() : LENGTH, null);
    }

    private Fault removeLine(Random random) throws IOException {
        var all = new ArrayList<>(lines.lines().toList());
        var which = random.nextInt(all.size());
        all.remove(which);
        Files.writeString(file(), String.join("\n", all) + "\n");
        var sequence = which == 0 ? signed() : LENGTH;
        return new Fault(Kind.CHECKPOINT_MISSING, sequence, at(sequence));
    }

    private static int place(Random random) {
        return 1 + random.nextInt(LENGTH);
    }

    private static int otherThan(int place, Random random) {
        return 1 + (place - 1 + 1 + random.nextInt(LENGTH - 1)) % LENGTH;
    }

    private static int signed() {
        return LENGTH / 2;
    }

    private UUID at(int place) {
        return entries.get(place - 1);
    }

    private void alter(int place) throws SQLException {
        sql("update archive.entry set facts = facts || ' ' where tenant_id = " + me() + " and id = '" + at(place)
                + "'");
    }

    private void move(int from, int to) throws SQLException {
        sql("update archive.link set sequence = " + to + " where tenant_id = " + me() + " and sequence = " + from);
    }

    private UUID insert(Random random) throws SQLException {
        var id = Ids.next();
        owner.setAutoCommit(false);
        sql("insert into archive.entry select tenant_id, '" + id + "', at, actor_kind, actor, actor_name, verb,"
                + " subject_kind, subject_id, facts, commitment from archive.entry where tenant_id = " + me()
                + " and id = '" + at(place(random)) + "'");
        sql("delete from archive.unsealed where tenant_id = " + me());
        owner.commit();
        owner.setAutoCommit(true);
        return id;
    }

    private void rewriteChain() throws SQLException {
        var previous = EntryHash.GENESIS;
        try (var read = owner.createStatement();
                var rows = read.executeQuery("select l.sequence, e.* from archive.link l join archive.entry e"
                        + " on e.tenant_id = l.tenant_id and e.id = l.entry_id where l.tenant_id = " + me()
                        + " order by l.sequence");
                var write = owner.prepareStatement("update archive.link set entry_hash = ?, chain_hash = ?"
                        + " where tenant_id = " + me() + " and sequence = ?")) {
            while (rows.next()) {
                var hash = EntryHash.of(rows);
                previous = EntryHash.chain(previous, rows.getLong("sequence"), hash);
                write.setBytes(1, hash);
                write.setBytes(2, previous);
                write.setLong(3, rows.getLong("sequence"));
                write.executeUpdate();
            }
        }
    }

    private void asBefore() throws SQLException, IOException {
        owner.setAutoCommit(false);
        for (var table : TABLES) {
            sql("delete from archive." + table + " where tenant_id = " + me());
            sql("insert into archive." + table + " select * from kept_" + table);
        }
        sql("delete from archive.unsealed where tenant_id = " + me());
        owner.commit();
        owner.setAutoCommit(true);
        Files.writeString(file(), lines);
    }

    private @Nullable Fault fault() throws SQLException, IOException {
        return new TrailVerifier(owner, folder.checkpoints(), folder.keys().resolve("checkpoint.pub"))
                .verify().stream()
                        .filter(finding -> finding.tenant().equals(tenant.value()))
                        .findFirst()
                        .orElseThrow()
                        .fault();
    }

    private void sql(String sql) throws SQLException {
        try (var statement = Objects.requireNonNull(owner).createStatement()) {
            statement.execute(sql);
        }
    }

    private String me() {
        return "'" + tenant + "'";
    }

    private Path file() {
        return folder.checkpoints().resolve(tenant + ".log");
    }
}
