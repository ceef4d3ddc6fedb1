// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Copies what was said through the inbox, within the tables: each copy of a conversation has ids, thread, keys and case
 * numbers of its own, and the same contact, whose key still opens what is sealed. Raising a million messages one by one
 * would take an hour; an index cannot tell the difference.
 */
final class Copies {
    private final Connection owner;

    Copies(Connection owner) {
        this.owner = owner;
    }

    /** @param more how many copies of everything are added */
    void add(int more) throws SQLException {
        run("""
                create temporary table conversations as
                select c.tenant_id, c.id as old, n, uuidv7() as id
                from inbox.conversation c, generate_series(1, %d) n
                order by n, c.id
                """.formatted(more));
        run("create index on conversations (old)");
        run("""
                create temporary table cases as
                select l.tenant_id, l.case_id as old, v.n, uuidv7() as id, v.id as conversation
                from casework.case_conversation l
                join conversations v on v.old = l.conversation_id
                order by v.n, l.case_id
                """);
        run("create index on cases (old)");
        run("create index on cases (conversation)");
        run("""
                create temporary table messages as
                select m.tenant_id, m.id as old, v.n, uuidv7() as id, v.id as conversation
                from inbox.message m
                join conversations v on v.old = m.conversation_id
                order by v.n, m.id
                """);
        run("create index on messages (old)");
        run("analyze");
        var number =
                "left(s.public_number, 9)" + " || lpad((right(s.public_number, 6)::int + k.n * 10000)::text, 6, '0')";
        copy("casework.case", "join cases k on k.old = s.id", "k.id", Map.of("id", "k.id", "public_number", number));
        copy(
                "inbox.conversation",
                "join conversations v on v.old = s.id left join cases k on k.conversation = v.id",
                "v.id",
                Map.of(
                        "id", "v.id",
                        "thread_hash", "sha256(uuid_send(v.id))",
                        "case_id", "k.id",
                        "case_number", number.replace("public_number", "case_number")));
        copy(
                "inbox.message",
                "join messages m on m.old = s.id",
                "m.id",
                Map.of(
                        "id", "m.id",
                        "conversation_id", "m.conversation",
                        "key_hash", "case when s.key_hash is not null then sha256(uuid_send(m.id)) end",
                        "outgoing_id", "null"));
        copy(
                "inbox.message_search",
                "join messages m on m.old = s.message_id",
                "m.id",
                Map.of("message_id", "m.id", "conversation_id", "m.conversation"));
        copy(
                "casework.case_conversation",
                "join cases k on k.old = s.case_id",
                "k.id",
                Map.of("case_id", "k.id", "conversation_id", "k.conversation"));
        copy("casework.clock", "join cases k on k.old = s.case_id", "k.id", Map.of("case_id", "k.id"));
        copy(
                "casework.timeline",
                "join cases k on k.old = s.case_id",
                "k.id",
                Map.of("id", "uuidv7()", "case_id", "k.id", "message_id", "null"));
    }

    private void copy(String table, String joined, String order, Map<String, String> own) throws SQLException {
        var columns = new StringJoiner(", ");
        var values = new StringJoiner(", ");
        try (var found = owner.createStatement();
                var row = found.executeQuery("""
                        select attname
                        from pg_attribute
                        where attrelid = '%s'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
                        order by attnum
                        """.formatted(table))) {
            while (row.next()) {
                columns.add(row.getString(1));
                values.add(own.getOrDefault(row.getString(1), "s." + row.getString(1)));
            }
        }
        run("insert into " + table + " (" + columns + ") select " + values + " from " + table + " s " + joined
                + " order by " + order);
    }

    private void run(String sql) throws SQLException {
        try (var statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }
}
