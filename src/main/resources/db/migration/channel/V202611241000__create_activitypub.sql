-- SPDX-License-Identifier: Apache-2.0
-- Actors of other servers as last fetched, sealed: a handle and a key are a person's.
create table channel.ap_actor (
    tenant_id uuid not null,
    uri_hash bytea not null,
    sealed bytea not null,
    fetched_at timestamptz not null,
    primary key (tenant_id, uri_hash)
);
select kentongan.protect('channel.ap_actor');

create table channel.ap_follower (
    tenant_id uuid not null,
    account_id uuid not null,
    actor_hash bytea not null,
    sealed bytea not null,
    followed_at timestamptz not null,
    primary key (tenant_id, account_id, actor_hash)
);
select kentongan.protect('channel.ap_follower');

-- What we said there, by its permanent address.
create table channel.ap_object (
    tenant_id uuid not null,
    id uuid not null,
    account_id uuid not null,
    sealed bytea not null,
    open boolean not null,
    published_at timestamptz not null,
    deleted_at timestamptz,
    primary key (tenant_id, id)
);
select kentongan.protect('channel.ap_object');
create index ap_object_account on channel.ap_object (tenant_id, account_id, published_at desc) where open;

-- Which kind of signature a host has accepted, and hosts that stopped answering.
create table channel.ap_host (
    tenant_id uuid not null,
    host text not null,
    signature text not null default 'cavage' check (signature in ('cavage', 'rfc9421')),
    failures integer not null default 0,
    parked_until timestamptz,
    primary key (tenant_id, host)
);
select kentongan.protect('channel.ap_host');
