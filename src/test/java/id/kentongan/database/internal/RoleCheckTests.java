// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database.internal;

import static id.kentongan.testing.ExternalServer.APPLICATION;
import static id.kentongan.testing.ExternalServer.OWNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import id.kentongan.database.DatabaseAddress;
import id.kentongan.database.StartRefusedException;
import id.kentongan.testing.ExternalServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real PostgreSQL with real roles. */
class RoleCheckTests {
    private static ExternalServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new ExternalServer();
        server.database("layanan");
        server.role("berkuasa", "superuser");
        server.role("melewati", "bypassrls");
        server.role("membuat", "createrole");
        server.role("anggota", "");
        server.execute("grant " + OWNER + " to anggota");
        server.role("antara", "noinherit");
        server.execute("grant anggota to antara");
        server.role("lewat_teman", "noinherit");
        server.execute("grant melewati to lewat_teman");
        server.role("pemilik_lain", "");
        server.role("punya_tabel", "");
        server.execute("grant pemilik_lain to punya_tabel");
        try (var connection = server.superuser("layanan");
                var statement = connection.createStatement()) {
            statement.execute("create schema arsip authorization pemilik_lain");
            statement.execute("create table arsip.jejak (tenant_id uuid)");
            statement.execute("alter table arsip.jejak enable row level security");
            statement.execute("alter table arsip.jejak owner to pemilik_lain");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void aPlainRoleOfItsOwnIsAccepted() {
        RoleCheck.refuseUnsafe(settings(APPLICATION).externalRoles());
    }

    @ParameterizedTest
    @CsvSource({
        "berkuasa, is a superuser",
        "pemilik, is the owner",
        "anggota, is a member of the owner",
        "antara, is a member of the owner",
        "melewati, may bypass row-level security",
        "lewat_teman, may bypass row-level security",
        "punya_tabel, owns tables",
        "membuat, may make roles",
    })
    void aRoleThePoliciesDoNotBindIsRefused(String role, String why) {
        var roles = settings(role).externalRoles();
        assertThatThrownBy(() -> RoleCheck.refuseUnsafe(roles))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContainingAll(role, why, "nobypassrls")
                .hasMessageNotContaining(ExternalServer.PASSWORD);
    }

    @Test
    void aDatabaseOfANewerVersionIsRefused() throws Exception {
        server.database("kelak");
        try (var connection = server.superuser("kelak");
                var statement = connection.createStatement()) {
            statement.execute("""
                    create table public.flyway_schema_history_inbox
                        (installed_rank int, version text, type text, success boolean)
                    """);
            statement.execute("grant select on public.flyway_schema_history_inbox to " + OWNER);
            statement.execute("insert into public.flyway_schema_history_inbox values (1, '202611240900', 'SQL', true)");
            var roles = new DatabaseSettings(
                            "data", server.address(APPLICATION, "kelak"), server.address(OWNER, "kelak"))
                    .externalRoles();
            RoleCheck.refuseUnsafe(roles);
            statement.execute("insert into public.flyway_schema_history_inbox values (2, '209901010000', 'SQL', true)");
            assertThatThrownBy(() -> RoleCheck.refuseUnsafe(roles))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContainingAll("newer Kentongan", "209901010000", "inbox");
        }
    }

    @Test
    void aPostgresqlThatIsTooOldIsNamed() {
        assertThat(RoleCheck.tooOld(14)).contains("15 or newer", "14");
    }

    @Test
    void aServerThatDoesNotAnswerAndAWrongPasswordAreSaidPlainly() {
        var away = new DatabaseSettings(
                "data", "postgresql://aplikasi:x@127.0.0.1:1/layanan", "postgresql://pemilik:x@127.0.0.1:1/layanan");
        assertThatThrownBy(() -> RoleCheck.refuseUnsafe(away.externalRoles()))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContainingAll("does not answer", "127.0.0.1:1");
        var wrong = new DatabaseSettings(
                "data",
                server.address(APPLICATION, "layanan"),
                server.address(OWNER, "layanan").replace("rahasia", "bukan"));
        assertThatThrownBy(() -> RoleCheck.refuseUnsafe(wrong.externalRoles()))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContainingAll("owner's role", "password");
    }

    @Test
    void bothAddressesAreSetOrNeither() {
        assertThat(new DatabaseSettings("data", "", "").external()).isFalse();
        assertThatThrownBy(() -> new DatabaseSettings("data", server.address(APPLICATION, "layanan"), "").external())
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContainingAll("KENTONGAN_DATABASE_URL", "KENTONGAN_DATABASE_OWNER_URL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "layanan",
                "postgresql://host/layanan",
                "postgresql://nama@host/layanan",
                "mysql://nama:sandi@host/layanan",
                "postgresql://nama:san di@host/layanan",
                "postgresql://nama:sandi%zz@host/layanan"
            })
    void anAddressOfAnotherFormIsRefusedWithoutRepeatingItsPassword(String text) {
        assertThatThrownBy(() -> DatabaseAddress.parse(text, "KENTONGAN_DATABASE_URL"))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("KENTONGAN_DATABASE_URL")
                .hasMessageNotContaining("san");
    }

    @Test
    void anAddressMayNameNoPortAndFurtherSettings() {
        var address = DatabaseAddress.parse("jdbc:postgresql://nama:a%3Ab@host/layanan?sslmode=require", "X");
        assertThat(address.url()).isEqualTo("jdbc:postgresql://host:5432/layanan?sslmode=require");
        assertThat(address.name()).isEqualTo("nama");
        assertThat(address.password()).isEqualTo("a:b");
        assertThat(address.toString()).doesNotContain("a:b");
    }

    private static DatabaseSettings settings(String role) {
        return new DatabaseSettings("data", server.address(role, "layanan"), server.address(OWNER, "layanan"));
    }
}
