-- SPDX-License-Identifier: Apache-2.0
-- What we say goes to many servers, and each delivery has a state of its own: a post is said once it is published,
-- and a server that is away is tried again by itself, for days, without holding up the others.
alter table channel.ap_delivery
    add column activity text not null default 'Create' check (activity in ('Create', 'Update', 'Delete')),
    add column account_id uuid,
    add column sealed bytea,
    add column attempts integer not null default 0,
    add column next_attempt_at timestamptz,
    add column patience_from timestamptz,
    add column code text;
alter table channel.ap_delivery drop constraint ap_delivery_state_check;
alter table channel.ap_delivery add constraint ap_delivery_state_check
    check (state in ('waiting', 'sending', 'retry', 'done', 'refused'));
alter table channel.ap_delivery drop constraint ap_delivery_pkey;
alter table channel.ap_delivery add primary key (tenant_id, note_id, activity, inbox_hash);
create index ap_delivery_waiting on channel.ap_delivery (tenant_id, next_attempt_at)
    where state in ('waiting', 'sending', 'retry');

create function channel.tenants_with_ap_deliveries(moment timestamptz) returns setof uuid
    language sql stable security definer set search_path = channel, pg_temp
as $$
    select distinct tenant_id from ap_delivery
    where state in ('waiting', 'sending', 'retry') and next_attempt_at <= moment
$$;
revoke execute on function channel.tenants_with_ap_deliveries(timestamptz) from public;
grant execute on function channel.tenants_with_ap_deliveries(timestamptz) to "${appRole}";

-- Edits and withdrawals of what we said go the same way as what was said.
alter table channel.outgoing
    add column act text not null default 'SAY' check (act in ('SAY', 'EDIT', 'WITHDRAW')),
    add column target_id uuid;
create index outgoing_changes on channel.outgoing (tenant_id, target_id) where target_id is not null;
