-- SPDX-License-Identifier: Apache-2.0
-- What the government says and notes in a conversation is sealed under a key of the conversation's own: it stays
-- readable when the citizen erases their account and their key is destroyed.
alter table inbox.conversation add column own_key_id uuid;

-- Changes that wait for their message wait for so long only; the housekeeping removes the older ones.
alter table inbox.pending_change add column kept_at timestamptz not null default now();
create index pending_change_kept on inbox.pending_change (tenant_id, kept_at);

-- Only the intake, which acts as the system, reads what waits.
create policy reach on inbox.pending_change as restrictive
    using ((select kentongan.sees_all()) and (select kentongan.in_circle()));
-- A draft quotes the conversation it answers: who may not read that may not read the draft.
create policy reach on inbox.draft as restrictive
    using ((select kentongan.sees_all()) and (select kentongan.in_circle())
        or exists (
            select 1 from inbox.conversation c
            where c.tenant_id = draft.tenant_id and c.id = draft.conversation_id));

create function inbox.forget_changes(edits timestamptz, deletions timestamptz) returns integer
    language sql security definer set search_path = inbox, pg_temp
as $$
    with gone as (
        delete from pending_change
        where kept_at < case when deleted then deletions else edits end
        returning 1)
    select count(*)::integer from gone
$$;
revoke execute on function inbox.forget_changes(timestamptz, timestamptz) from public;
grant execute on function inbox.forget_changes(timestamptz, timestamptz) to "${appRole}";
