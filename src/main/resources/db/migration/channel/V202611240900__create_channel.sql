-- SPDX-License-Identifier: Apache-2.0
create table channel.account (
    tenant_id uuid not null,
    id uuid not null,
    network text not null check (network in ('activitypub', 'web')),
    name text not null,
    handle text not null,
    display_name text not null,
    summary text not null,
    state text not null check (state in ('ACTIVE', 'PAUSED', 'BROKEN')),
    credentials bytea,
    public_key text,
    created_at timestamptz not null,
    primary key (tenant_id, id)
);
select kentongan.protect('channel.account', 'select, insert, update');
create unique index account_name on channel.account (tenant_id, network, name);

-- Raw deliveries, sealed, stored before they are acknowledged.
create table channel.delivery (
    tenant_id uuid not null,
    id uuid not null,
    account_id uuid not null,
    network text not null,
    received_at timestamptz not null,
    state text not null check (state in ('new', 'claimed', 'retry', 'done', 'failed')),
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    lease_until timestamptz,
    code text,
    sealed bytea not null,
    primary key (tenant_id, id)
) partition by range (id);
select kentongan.protect('channel.delivery');
select kentongan.ensure_partitions('channel.delivery');
create index delivery_waiting on channel.delivery (tenant_id, next_attempt_at, id)
    where state in ('new', 'claimed', 'retry');
create index delivery_failed on channel.delivery (tenant_id, id) where state = 'failed';

-- Every item that was taken in, once. Unpartitioned, so that uniqueness holds over all time.
create table channel.seen (
    tenant_id uuid not null,
    account_id uuid not null,
    key_hash bytea not null,
    primary key (tenant_id, account_id, key_hash)
);
select kentongan.protect('channel.seen', 'select, insert');

create table channel.outgoing (
    tenant_id uuid not null,
    id uuid not null,
    account_id uuid not null,
    idempotency_key text not null,
    state text not null check (state in ('QUEUED', 'SENDING', 'SENT', 'RETRY', 'REFUSED', 'UNKNOWN')),
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    lease_until timestamptz,
    sealed bytea not null,
    about uuid,
    remote_key text,
    url text,
    code text,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    confirmed_at timestamptz,
    primary key (tenant_id, id)
);
select kentongan.protect('channel.outgoing');
create unique index outgoing_key on channel.outgoing (tenant_id, idempotency_key);
create index outgoing_waiting on channel.outgoing (tenant_id, next_attempt_at, id)
    where state in ('QUEUED', 'SENDING', 'RETRY');
create index outgoing_troubled on channel.outgoing (tenant_id, id) where state in ('REFUSED', 'UNKNOWN');

-- The workers serve all tenants: which have something to do is asked through definer functions.
create function channel.tenants_with_deliveries(moment timestamptz) returns setof uuid
    language sql stable security definer set search_path = channel, pg_temp
as $$
    select distinct tenant_id from delivery
    where state in ('new', 'claimed', 'retry') and next_attempt_at <= moment
$$;
create function channel.tenants_with_outgoing(moment timestamptz) returns setof uuid
    language sql stable security definer set search_path = channel, pg_temp
as $$
    select distinct tenant_id from outgoing
    where state in ('QUEUED', 'SENDING', 'RETRY') and next_attempt_at <= moment
$$;
create function channel.ensure_partitions() returns integer
    language sql security definer set search_path = channel, pg_temp
as $$ select kentongan.ensure_partitions('channel.delivery') $$;
revoke execute on function channel.tenants_with_deliveries(timestamptz),
    channel.tenants_with_outgoing(timestamptz), channel.ensure_partitions() from public;
grant execute on function channel.tenants_with_deliveries(timestamptz),
    channel.tenants_with_outgoing(timestamptz), channel.ensure_partitions() to "${appRole}";
