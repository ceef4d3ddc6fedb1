// SPDX-License-Identifier: Apache-2.0
package id.kentongan.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The rules every schema object keeps, read from PostgreSQL's own catalogue. Each answers with what breaks it, in
 * words that say what to do; nothing means it is kept.
 */
final class CatalogueRules {
    /** A module's schema: whatever is not PostgreSQL's own, an extension's, or the migrations' history. */
    private static final String OURS = """
            n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public')
            """;

    private static final String TABLES = """
            select c.oid, format('%I.%I', n.nspname, c.relname) as name, c.relispartition, c.relrowsecurity, c.relacl,
                c.relforcerowsecurity
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p')
            and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
            and\s""" + OURS;

    private final Connection connection;
    private final String application;
    private final String owner;
    private final Set<String> machinery;

    /** @param machinery tables without a tenant, as listed */
    CatalogueRules(Connection connection, String application, String owner, Set<String> machinery) {
        this.connection = connection;
        this.application = application;
        this.owner = owner;
        this.machinery = Set.copyOf(machinery);
    }

    List<String> tablesWithoutRowSecurity() throws SQLException {
        return besidesMachinery("""
                select t.name, t.name || ' has no row-level security: call kentongan.protect() in its migration'
                from (%s) t
                where not t.relrowsecurity
                """.formatted(TABLES));
    }

    /** One permissive policy, the tenant's, for reading and writing. A second one would widen it. */
    List<String> tablesWithoutTheTenantPolicy() throws SQLException {
        var faults = new ArrayList<>(besidesMachinery("""
                select t.name, t.name || ' has no policy that compares tenant_id when reading and writing'
                from (%s) t
                where not t.relispartition
                and not exists (
                    select 1
                    from pg_policy p
                    where p.polrelid = t.oid and p.polpermissive and p.polcmd = '*' and p.polroles = '{0}'
                    and pg_get_expr(p.polqual, p.polrelid) ~ '^\\(tenant_id = \\( SELECT kentongan\\.tenant\\(\\)[^)]*\\)\\)$'
                    and pg_get_expr(p.polwithcheck, p.polrelid)
                        ~ '^\\(tenant_id = \\( SELECT kentongan\\.tenant\\(\\)[^)]*\\)\\)$')
                """.formatted(TABLES)));
        faults.addAll(besidesMachinery("""
                select t.name, t.name || ' has ' || count(*) || ' permissive policies: every one more shows more rows'
                from (%s) t
                join pg_policy p on p.polrelid = t.oid and p.polpermissive
                group by t.name
                having count(*) > 1
                """.formatted(TABLES)));
        return faults;
    }

    /** Names on the list of machinery that are no table, or that are protected and so need no exception. */
    List<String> staleMachinery() throws SQLException {
        var unprotected = strings("select t.name from (" + TABLES + ") t where not t.relrowsecurity");
        return machinery.stream()
                .filter(name -> !unprotected.contains(name))
                .map(name -> name + " stands in machinery-tables.txt and needs no exception: take it out")
                .toList();
    }

    List<String> keysWithoutTheTenantFirst() throws SQLException {
        var faults = new ArrayList<>(besidesMachinery("""
                select t.name, t.name || ' has no primary key'
                from (%s) t
                where not exists (select 1 from pg_index i where i.indrelid = t.oid and i.indisprimary)
                """.formatted(TABLES)));
        faults.addAll(besidesMachinery("""
                select t.name, t.name || ': tenant_id is not the first column of ' || i.indexrelid::regclass
                from (%s) t
                join pg_index i on i.indrelid = t.oid and (i.indisunique or i.indisprimary or i.indisexclusion)
                left join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
                where a.attname is distinct from 'tenant_id' or not a.attnotnull or a.atttypid <> 'uuid'::regtype
                """.formatted(TABLES)));
        faults.addAll(besidesMachinery("""
                select t.name, t.name || ': the foreign key ' || k.conname || ' does not lead from tenant_id to tenant_id'
                from (%s) t
                join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
                left join pg_attribute near on near.attrelid = k.conrelid and near.attnum = k.conkey[1]
                left join pg_attribute far on far.attrelid = k.confrelid and far.attnum = k.confkey[1]
                where near.attname is distinct from 'tenant_id' or far.attname is distinct from 'tenant_id'
                """.formatted(TABLES)));
        return faults;
    }

    /** A module knows another module's rows by id only. */
    List<String> foreignKeysIntoOtherSchemas() throws SQLException {
        return strings("""
                select t.name || ': the foreign key ' || k.conname || ' leads into another schema'
                from (%s) t
                join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
                join pg_class near on near.oid = k.conrelid
                join pg_class far on far.oid = k.confrelid
                where near.relnamespace <> far.relnamespace
                """.formatted(TABLES));
    }

    List<String> partitionsReachableDirectly() throws SQLException {
        return strings("""
                select t.name || ' is a partition and may be reached past its parent''s policies by '
                    || coalesce(r.rolname, 'everyone')
                from (%s) t
                cross join aclexplode(t.relacl) g
                left join pg_roles r on r.oid = g.grantee
                where t.relispartition and r.rolname is distinct from '%s'
                """.formatted(TABLES, owner));
    }

    /** A function with its owner's rights decides by what it is found by: a fixed path, ended by the temporary one. */
    List<String> unsafeDefinerFunctions() throws SQLException {
        var functions = """
                select p.oid::regprocedure as name, p.proconfig, p.proacl, p.proowner
                from pg_proc p
                join pg_namespace n on n.oid = p.pronamespace
                where p.prosecdef
                and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
                and\s""" + OURS;
        var faults = new ArrayList<>(strings("""
                select f.name || ' has its owner''s rights without a fixed search_path that ends in pg_temp'
                from (%s) f
                where not exists (
                    select 1 from unnest(f.proconfig) s where s ~ '^search_path=("?[a-z_]+"?, )*"?pg_temp"?$')
                """.formatted(functions)));
        faults.addAll(strings("""
                select f.name || ' has its owner''s rights and may be called by everyone: revoke execute from public'
                from (%s) f
                where f.proacl is null or exists (select 1 from aclexplode(f.proacl) g where g.grantee = 0)
                """.formatted(functions)));
        return faults;
    }

    /** A view reads with its owner's rights, past every policy, unless it is told otherwise. */
    List<String> viewsPastThePolicies() throws SQLException {
        return strings("""
                select format('%%I.%%I', n.nspname, c.relname) || ' reads past the policies: security_invoker is not set'
                from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('v', 'm')
                and not coalesce('security_invoker=true' = any (c.reloptions), false)
                and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
                and %s
                """.formatted(OURS));
    }

    List<String> ownedByTheApplication() throws SQLException {
        return strings("""
                select d.classid::regclass || ' ' || d.objid || ' is owned by the application''s role'
                from pg_shdepend d
                join pg_roles r on r.oid = d.refobjid
                where d.refclassid = 'pg_authid'::regclass and d.deptype = 'o' and r.rolname = '%s'
                and d.dbid in (0, (select oid from pg_database where datname = current_database()))
                """.formatted(application));
    }

    List<String> rightsTheApplicationMustNotHave() throws SQLException {
        return strings("""
                select r.rolname || ' ' || fault.what
                from pg_roles r
                cross join lateral (values
                    (r.rolsuper, 'is a superuser'),
                    (r.rolbypassrls, 'bypasses row-level security'),
                    (r.rolcreaterole, 'may make roles'),
                    (r.rolcreatedb, 'may make databases'),
                    (r.rolname = '%1$s', 'is the owner'),
                    (pg_has_role(r.oid, (select oid from pg_roles where rolname = '%1$s'), 'member'),
                        'is a member of the owner')) as fault (broken, what)
                where r.rolname = '%2$s' and fault.broken
                union all
                select '%2$s may make things in the schema ' || n.nspname
                from pg_namespace n
                where %3$s and has_schema_privilege('%2$s', n.oid, 'create')
                """.formatted(owner, application, OURS));
    }

    /** What citizens said is seen within an agency's reach and the confidential circle only, restrictively. */
    List<String> wordsOutsideTheRestrictivePolicy(Set<String> tablesWithWords) throws SQLException {
        var faults = new ArrayList<String>();
        for (var table : strings("""
                select t.name
                from (%s) t
                where not t.relispartition
                and (obj_description(t.oid, 'pg_class') = 'citizens words'
                    or t.name = any (string_to_array('%s', ','))
                    or exists (
                        select 1 from pg_attribute a
                        where a.attrelid = t.oid and a.attname = 'confidential' and not a.attisdropped))
                """.formatted(TABLES, String.join(",", tablesWithWords)))) {
            var policies = strings("""
                    select pg_get_expr(p.polqual, p.polrelid)
                    from pg_policy p
                    where p.polrelid = '%s'::regclass and not p.polpermissive and p.polcmd = '*' and p.polroles = '{0}'
                    """.formatted(table));
            var columns = new Catalogue(connection).columns(table);
            if (policies.isEmpty()) {
                faults.add(table + " holds citizens' words and no restrictive policy on agency and circle");
            } else if (columns.contains("confidential")
                    && policies.stream()
                            .noneMatch(policy -> policy.contains("confidential") && policy.contains("in_circle"))) {
                faults.add(table + " has a column confidential that its restrictive policy does not ask");
            } else if (columns.contains("agency_id")
                    && policies.stream()
                            .noneMatch(policy -> policy.contains("agency_id")
                                    && (policy.contains("reach()") || policy.contains("sees(agency_id)")))) {
                faults.add(table + " has a column agency_id that its restrictive policy does not ask");
            }
        }
        return faults;
    }

    private List<String> besidesMachinery(String sql) throws SQLException {
        var faults = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                if (!machinery.contains(rows.getString(1))) {
                    faults.add(rows.getString(2));
                }
            }
        }
        return faults;
    }

    private List<String> strings(String sql) throws SQLException {
        return new Catalogue(connection).strings(sql);
    }
}
