-- SPDX-License-Identifier: Apache-2.0
-- Who erased their account, by a keyed hash alone: what they said before and comes late is not kept, even when nothing
-- of theirs was there before. As long as a raw delivery could still bring it.
create table inbox.left_author (
    tenant_id uuid not null,
    network text not null,
    key_hash bytea not null,
    left_at timestamptz not null,
    kept_at timestamptz not null,
    primary key (tenant_id, network, key_hash)
);
select kentongan.protect('inbox.left_author', 'select, insert, update');
create policy reach on inbox.left_author as restrictive
    using ((select kentongan.sees_all()) and (select kentongan.in_circle()));
create index left_author_kept on inbox.left_author (tenant_id, kept_at);

create or replace function inbox.forget_waiting(words timestamptz, deletions timestamptz) returns integer
    language sql security definer set search_path = inbox, pg_temp
as $$
    with changes as (
        delete from pending_change
        where kept_at < case when deleted then deletions else words end
        returning 1),
    messages as (
        delete from waiting_message
        where kept_at < words
        returning 1),
    authors as (
        delete from left_author
        where kept_at < deletions
        returning 1)
    select ((select count(*) from changes) + (select count(*) from messages) + (select count(*) from authors))::integer
$$;

-- Links stood among the words for searching once. What reads like the random part of one goes: long, of letters and
-- digits mixed.
update inbox.message_search s
set words = ts_delete(s.words, array(
    select lexeme
    from unnest(s.words)
    where length(lexeme) >= 14 and lexeme ~ '[0-9]' and lexeme ~ '[a-z]'))
where exists (
    select 1
    from unnest(s.words)
    where length(lexeme) >= 14 and lexeme ~ '[0-9]' and lexeme ~ '[a-z]');
