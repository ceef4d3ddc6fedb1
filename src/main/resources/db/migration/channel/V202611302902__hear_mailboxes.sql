-- SPDX-License-Identifier: Apache-2.0
-- How far a mailbox was read, and which node reads it now.
create table channel.mailbox (
    tenant_id uuid not null,
    account_id uuid not null,
    uid_validity bigint,
    last_uid bigint not null default 0,
    -- What came before, and somebody had read already, is not taken in.
    since timestamptz not null,
    looked_at timestamptz,
    failure text,
    failed_at timestamptz,
    -- Whether letters to an address with a mark (layanan+tanda@...) arrive.
    marked boolean not null default false,
    held_by uuid,
    held_until timestamptz not null,
    primary key (tenant_id, account_id),
    foreign key (tenant_id, account_id) references channel.account (tenant_id, id)
);
select kentongan.protect('channel.mailbox', 'select, insert, update');

create function channel.free_mailboxes(moment timestamptz) returns table (tenant_id uuid, account_id uuid)
    language sql stable security definer set search_path = channel, pg_temp
as $$ select m.tenant_id, m.account_id from mailbox m where m.held_until <= moment $$;
revoke execute on function channel.free_mailboxes(timestamptz) from public;
grant execute on function channel.free_mailboxes(timestamptz) to "${appRole}";
