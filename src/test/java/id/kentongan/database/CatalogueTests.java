// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import static org.assertj.core.api.Assertions.assertThat;

import id.kentongan.kernel.PersonalField;
import id.kentongan.kernel.PersonalField.Protection;
import id.kentongan.privacy.PersonalDataRegister;
import id.kentongan.testing.WithDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.ClassPathResource;

/**
 * What the migrations of all modules made, against the rules of the house. Each rule is also broken once, in a
 * schema of a transaction that is rolled back, to see that it would be noticed.
 */
@WithDatabase
class CatalogueTests {
    @FunctionalInterface
    private interface Rule {
        List<String> faults(CatalogueRules rules) throws Exception;
    }

    @Autowired
    DatabaseRoles roles;

    @Autowired
    PersonalDataRegister register;

    @SuppressWarnings("NullAway.Init")
    Connection owner;

    @BeforeEach
    void asTheOwner() throws Exception {
        owner = DriverManager.getConnection(roles.ownerUrl(), roles.ownerName(), roles.ownerPassword());
        owner.setAutoCommit(false);
    }

    @AfterEach
    void leaveNothingBehind() throws Exception {
        owner.rollback();
        owner.close();
    }

    @Test
    void everyTableHasRowSecurity() throws Exception {
        assertKept(CatalogueRules::tablesWithoutRowSecurity);
        assertNoticed(CatalogueRules::tablesWithoutRowSecurity, "create table trial.open (tenant_id uuid primary key)");
    }

    @Test
    void everyTableHasTheTenantsPolicyAndNoOtherThatWidensIt() throws Exception {
        Rule rule = CatalogueRules::tablesWithoutTheTenantPolicy;
        assertKept(rule);
        var table = "create table trial.loose (tenant_id uuid primary key);"
                + "alter table trial.loose enable row level security;";
        assertNoticed(rule, table);
        assertNoticed(rule, table + "create policy tenant on trial.loose using (true)");
        assertNoticed(
                rule,
                table + "create policy tenant on trial.loose using (tenant_id = (select kentongan.tenant()) or true)"
                        + " with check (tenant_id = (select kentongan.tenant()))");
        assertNoticed(
                rule,
                table + "create policy tenant on trial.loose for select"
                        + " using (tenant_id = (select kentongan.tenant()))");
        assertNoticed(
                rule,
                "create table trial.wide (tenant_id uuid primary key); select kentongan.protect('trial.wide');"
                        + "create policy more on trial.wide using (true)");
    }

    @Test
    void theListOfMachineryHoldsNothingThatIsNotThereOrNeedsNoException() throws Exception {
        assertThat(rules(machinery()).staleMachinery()).isEmpty();
        assertThat(rules(Set.of("machinery.scheduled_tasks", "machinery.gone", "inbox.message"))
                        .staleMachinery())
                .hasSize(2);
    }

    @Test
    void theTenantComesFirstInEveryPrimaryKeyUniqueIndexAndForeignKey() throws Exception {
        Rule rule = CatalogueRules::keysWithoutTheTenantFirst;
        assertKept(rule);
        assertNoticed(rule, "create table trial.keyless (tenant_id uuid not null)");
        assertNoticed(rule, "create table trial.late (tenant_id uuid, id uuid, primary key (id, tenant_id))");
        assertNoticed(rule, "create table trial.text (tenant_id text primary key)");
        assertNoticed(
                rule,
                "create table trial.once (tenant_id uuid primary key, name text);"
                        + "create unique index once_name on trial.once (name)");
        assertNoticed(
                rule,
                "create table trial.expression (tenant_id uuid primary key, name text);"
                        + "create unique index expression_name on trial.expression (lower(name), tenant_id)");
        assertNoticed(
                rule,
                "create table trial.parent (tenant_id uuid, id uuid, primary key (tenant_id, id), unique (id));"
                        + "create table trial.child (tenant_id uuid primary key, id uuid references trial.parent (id))");
    }

    @Test
    void noForeignKeyLeadsIntoAnotherModulesSchema() throws Exception {
        assertKept(CatalogueRules::foreignKeysIntoOtherSchemas);
        assertNoticed(
                CatalogueRules::foreignKeysIntoOtherSchemas,
                "create table trial.near (tenant_id uuid references identity.tenant (tenant_id))");
    }

    @Test
    void noPartitionIsReachableDirectly() throws Exception {
        assertThat(new Catalogue(owner).partitions()).isNotEmpty();
        assertKept(CatalogueRules::partitionsReachableDirectly);
        var parted = "create table trial.parted (tenant_id uuid, id uuid, primary key (tenant_id, id))"
                + " partition by range (id); create table trial.parted_other partition of trial.parted default;";
        assertNoticed(
                CatalogueRules::partitionsReachableDirectly,
                parted + "grant select on trial.parted_other to " + roles.applicationName());
        assertNoticed(
                CatalogueRules::partitionsReachableDirectly, parted + "grant select on trial.parted_other to public");
        assertNoticed(CatalogueRules::tablesWithoutRowSecurity, parted);
    }

    @Test
    void everyDefinerFunctionHasAFixedPathAndIsNotForEveryone() throws Exception {
        Rule rule = CatalogueRules::unsafeDefinerFunctions;
        assertKept(rule);
        var body = " as $$ select 1 $$;";
        assertNoticed(
                rule,
                "create function trial.lost() returns int language sql security definer" + body
                        + "revoke execute on function trial.lost() from public");
        assertNoticed(
                rule,
                "create function trial.early() returns int language sql security definer set search_path = pg_temp, trial"
                        + body + "revoke execute on function trial.early() from public");
        assertNoticed(
                rule,
                "create function trial.open() returns int language sql security definer set search_path = trial, pg_temp"
                        + body);
    }

    @Test
    void noViewReadsPastThePolicies() throws Exception {
        assertKept(CatalogueRules::viewsPastThePolicies);
        assertNoticed(CatalogueRules::viewsPastThePolicies, "create view trial.past as select * from inbox.message");
        assertNoticed(
                CatalogueRules::viewsPastThePolicies,
                "create materialized view trial.copied as select * from identity.tenant with no data");
    }

    @Test
    void theApplicationsRoleOwnsNothingAndCannotPassThePolicies() throws Exception {
        assertKept(CatalogueRules::ownedByTheApplication);
        assertKept(CatalogueRules::rightsTheApplicationMustNotHave);
        var asOwner = new CatalogueRules(owner, roles.ownerName(), roles.ownerName(), machinery());
        assertThat(asOwner.ownedByTheApplication()).isNotEmpty();
        assertThat(asOwner.rightsTheApplicationMustNotHave()).anyMatch(fault -> fault.endsWith("is the owner"));
        var asSuperuser = new CatalogueRules(owner, "postgres", roles.ownerName(), machinery());
        assertThat(asSuperuser.rightsTheApplicationMustNotHave())
                .contains("postgres is a superuser", "postgres bypasses row-level security");
        assertNoticed(
                CatalogueRules::rightsTheApplicationMustNotHave,
                "grant create on schema trial to " + roles.applicationName());
    }

    @Test
    void citizensWordsAreSeenWithinReachAndCircleOnly() throws Exception {
        Rule rule = rules -> rules.wordsOutsideTheRestrictivePolicy(tablesWithWords());
        assertThat(tablesWithWords())
                .contains(
                        "inbox.message",
                        "inbox.draft",
                        "inbox.pending_change",
                        "casework.\"case\"",
                        "channel.delivery",
                        "channel.outgoing",
                        "channel.ap_object",
                        "channel.ap_media");
        assertKept(rule);
        var words = "create table trial.words (tenant_id uuid primary key, agency_id uuid, confidential boolean);";
        assertNoticed(rule, words);
        assertNoticed(
                rule, words + "create policy reach on trial.words using (not confidential or kentongan.in_circle())");
        assertNoticed(
                rule, words + "create policy reach on trial.words as restrictive using (kentongan.sees(agency_id))");
        assertNoticed(
                rule,
                words + "create policy reach on trial.words as restrictive"
                        + " using (not confidential or kentongan.in_circle())");
        assertNoticed(
                rule, "create table trial.told (tenant_id uuid); comment on table trial.told is 'citizens words'");
        assertNoticed(
                rules -> rules.wordsOutsideTheRestrictivePolicy(Set.of("trial.said")),
                "create table trial.said (tenant_id uuid, text_sealed bytea)");
    }

    @Test
    void everyColumnIsRegisteredAsPersonalOrListedAsNot() throws Exception {
        assertThat(personal().faults()).isEmpty();
        breaking("create table trial.person (tenant_id uuid, birthplace text)");
        assertThat(personal().faults()).hasSize(1).first().asString().contains("trial.person.birthplace");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    gone        | SEALED_BY_CONTACT | Until erased. | is not there
                    said        | SEALED_BY_CONTACT | Until erased. | is not bytea
                    said        | KEYED_HASH        | Until erased. | is not bytea
                    said        | CLEAR             |               | how long
                    tenant_id   | ONE_WAY_HASH      | Until erased. | neither bytea nor text
                    """)
    void aRegisteredColumnThatIsNotKeptAsItSaysIsNoticed(
            String column, Protection protection, @org.jspecify.annotations.Nullable String retention, String fault)
            throws Exception {
        breaking("create table trial.person (tenant_id uuid, said text)");
        var field = new PersonalField(
                "trial.person", column, PersonalField.Kind.WORDS, protection, retention == null ? "" : retention);
        assertThat(new PersonalColumns(owner, List.of(field), List.of()).brokenPromises())
                .singleElement()
                .asString()
                .contains("trial.person." + column, fault);
    }

    @Test
    void whatIsListedAsNotPersonalIsThereAndNotRegisteredAsWell() throws Exception {
        assertThat(personal().staleExceptions()).isEmpty();
        var list = List.of("inbox.nothing.here", "inbox.message.body_sealed", "identity.agency.name");
        assertThat(new PersonalColumns(owner, register.fields(), list).staleExceptions())
                .hasSize(2);
    }

    private PersonalColumns personal() throws Exception {
        return new PersonalColumns(owner, register.fields(), lines("db/not-personal-columns.txt"));
    }

    /**
     * Where the register says that words, files and places are, whoever keeps them. (Who a contact is stands in no such
     * list: names are no words, are sealed under the contact's own key, and are found through a conversation only.)
     */
    private Set<String> tablesWithWords() {
        var kinds = Set.of(
                PersonalField.Kind.WORDS,
                PersonalField.Kind.RAW_DELIVERY,
                PersonalField.Kind.ATTACHMENT,
                PersonalField.Kind.PLACE);
        return register.fields().stream()
                .filter(field -> kinds.contains(field.kind()))
                .filter(field -> field.protection() == Protection.SEALED_BY_CONTACT
                        || field.protection() == Protection.SEALED_BY_TENANT
                        || field.protection() == Protection.CLEAR
                        || field.kind() == PersonalField.Kind.WORDS)
                .map(field -> PersonalColumns.quoted(field.table()))
                .collect(Collectors.toSet());
    }

    private CatalogueRules rules(Set<String> machinery) {
        return new CatalogueRules(owner, roles.applicationName(), roles.ownerName(), machinery);
    }

    private void assertKept(Rule rule) throws Exception {
        assertThat(rule.faults(rules(machinery()))).isEmpty();
    }

    private void assertNoticed(Rule rule, String sql) throws Exception {
        breaking(sql);
        assertThat(rule.faults(rules(machinery()))).as(sql).isNotEmpty().allMatch(fault -> fault.contains("trial"));
    }

    private void breaking(String sql) throws Exception {
        owner.rollback();
        try (var statement = owner.createStatement()) {
            statement.execute("create schema trial");
            statement.execute(sql);
        }
    }

    private static Set<String> machinery() throws Exception {
        return Set.copyOf(lines("db/machinery-tables.txt"));
    }

    private static List<String> lines(String resource) throws Exception {
        return new ClassPathResource(resource)
                .getContentAsString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
