-- SPDX-License-Identifier: Apache-2.0
-- What was not said to us and continues nothing that is here yet, or stands above nothing that was said to us: it
-- waits, sealed, for what makes it the context of a conversation. Gone after its time, with its deletion, or with its
-- author.
create table inbox.waiting_message (
    tenant_id uuid not null,
    account_id uuid not null,
    key_hash bytea not null,
    parent_hash bytea,
    author_hash bytea not null,
    at timestamptz not null,
    sealed bytea not null,
    kept_at timestamptz not null,
    primary key (tenant_id, account_id, key_hash)
);
select kentongan.protect('inbox.waiting_message');
comment on table inbox.waiting_message is 'citizens words';
-- Only the intake, which acts as the system, reads what waits.
create policy reach on inbox.waiting_message as restrictive
    using ((select kentongan.sees_all()) and (select kentongan.in_circle()));
create index waiting_message_parent on inbox.waiting_message (tenant_id, parent_hash) where parent_hash is not null;
create index waiting_message_author on inbox.waiting_message (tenant_id, author_hash);
create index waiting_message_kept on inbox.waiting_message (tenant_id, kept_at);

drop function inbox.forget_changes(timestamptz, timestamptz);
create function inbox.forget_waiting(words timestamptz, deletions timestamptz) returns integer
    language sql security definer set search_path = inbox, pg_temp
as $$
    with changes as (
        delete from pending_change
        where kept_at < case when deleted then deletions else words end
        returning 1),
    messages as (
        delete from waiting_message
        where kept_at < words
        returning 1)
    select ((select count(*) from changes) + (select count(*) from messages))::integer
$$;
revoke execute on function inbox.forget_waiting(timestamptz, timestamptz) from public;
grant execute on function inbox.forget_waiting(timestamptz, timestamptz) to "${appRole}";
