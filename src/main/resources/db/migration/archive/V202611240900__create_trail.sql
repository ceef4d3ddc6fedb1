-- SPDX-License-Identifier: Apache-2.0
-- The trail. The application may add and read, never change or remove.
create table archive.entry (
    tenant_id uuid not null,
    id uuid not null,
    at timestamptz not null,
    actor_kind text not null check (actor_kind in ('OFFICER', 'CITIZEN', 'SYSTEM')),
    actor uuid not null,
    actor_name text not null,
    verb text not null,
    subject_kind text not null,
    subject_id uuid not null,
    facts text not null,
    commitment bytea,
    primary key (tenant_id, id)
) partition by range (id);
select kentongan.protect('archive.entry', 'select, insert');
select kentongan.ensure_partitions('archive.entry');
create index entry_subject on archive.entry (tenant_id, subject_kind, subject_id, id);

-- Entries the sealer has not linked yet: written by a trigger of the owner, so that no writer can forget it.
create table archive.unsealed (
    tenant_id uuid not null,
    entry_id uuid not null,
    primary key (tenant_id, entry_id)
);
select kentongan.protect('archive.unsealed', 'select, delete');

create function archive.queue_for_sealing() returns trigger
    language plpgsql security definer set search_path = archive, pg_temp as $$
begin
    insert into archive.unsealed (tenant_id, entry_id) select tenant_id, id from added;
    return null;
end
$$;
create trigger queue_for_sealing after insert on archive.entry
    referencing new table as added for each statement execute function archive.queue_for_sealing();

-- The chain: one link per entry, in the order of sealing.
create table archive.link (
    tenant_id uuid not null,
    sequence bigint not null,
    entry_id uuid not null,
    entry_hash bytea not null,
    chain_hash bytea not null,
    primary key (tenant_id, sequence)
);
select kentongan.protect('archive.link', 'select, insert');
create unique index link_entry on archive.link (tenant_id, entry_id);

create table archive.checkpoint (
    tenant_id uuid not null,
    sequence bigint not null,
    chain_hash bytea not null,
    at timestamptz not null,
    signature bytea not null,
    primary key (tenant_id, sequence)
);
select kentongan.protect('archive.checkpoint', 'select, insert');

-- Which tenants have something to seal: asked by the sealer, which serves all tenants.
create function archive.tenants_to_seal() returns setof uuid
    language sql stable security definer set search_path = archive, pg_temp
as $$ select distinct tenant_id from archive.unsealed $$;
revoke execute on function archive.tenants_to_seal() from public;
grant execute on function archive.tenants_to_seal() to "${appRole}";
