-- SPDX-License-Identifier: Apache-2.0
-- One schema per module, the extensions, and the functions every policy is written with.
create extension if not exists pg_trgm;
create extension if not exists unaccent;

create schema kentongan;
create schema identity;
create schema archive;
create schema privacy;
create schema policy;
create schema channel;
create schema inbox;
create schema casework;
create schema portal;
create schema machinery;

grant usage on schema kentongan, identity, archive, privacy, policy, channel, inbox, casework, portal, machinery
    to "${appRole}";

-- The setting is empty, not null, after its transaction: hence nullif.
create function kentongan.tenant() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('kentongan.tenant', true), '')::uuid;

create function kentongan.actor() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('kentongan.actor', true), '')::uuid;

create function kentongan.sees_all() returns boolean
    language sql stable parallel safe
    return coalesce(current_setting('kentongan.agencies', true), '') = '*';

create function kentongan.reach() returns uuid[]
    language sql stable parallel safe
    return case
        when coalesce(current_setting('kentongan.agencies', true), '') in ('', '*') then '{}'::uuid[]
        else string_to_array(current_setting('kentongan.agencies', true), ',')::uuid[]
    end;

-- Whether rows of this agency are within the actor's reach. Rows without an agency belong to those who see all.
create function kentongan.sees(agency uuid) returns boolean
    language sql stable parallel safe
    return coalesce(current_setting('kentongan.agencies', true), '') = '*'
        or agency = any(
            case
                when coalesce(current_setting('kentongan.agencies', true), '') in ('', '*') then '{}'::uuid[]
                else string_to_array(current_setting('kentongan.agencies', true), ',')::uuid[]
            end);

create function kentongan.in_circle() returns boolean
    language sql stable parallel safe
    return coalesce(current_setting('kentongan.circle', true), '') = 'on';

grant execute on all functions in schema kentongan to "${appRole}";

-- Every table of a module calls this once: row-level security, the tenant's policy, the application's rights.
create function kentongan.protect(target regclass, rights text default 'select, insert, update, delete')
    returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format(
        'create policy tenant on %s using (tenant_id = (select kentongan.tenant())) '
        'with check (tenant_id = (select kentongan.tenant()))', target);
    execute format('grant %s on %s to %I', rights, target, '${appRole}');
end
$$;

-- The smallest UUIDv7 of a time, the bound of a partition.
create function kentongan.uuid_at(moment timestamptz) returns uuid
    language sql immutable parallel safe
    return (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid;

-- Quarterly partitions by UUIDv7, from the quarter before the given time to two after it; older ids fall into
-- the default partition. Called by the migration that makes the table, and again by a job before they run out.
-- The application gets no right on a partition: it is reached through its parent, with the parent's policies.
create function kentongan.ensure_partitions(parent regclass, around timestamptz default now())
    returns integer language plpgsql as $$
declare
    quarter timestamptz;
    child text;
    made integer := 0;
begin
    for step in -1..2 loop
        quarter := date_trunc('quarter', around at time zone 'UTC') at time zone 'UTC' + step * interval '3 months';
        child := parent::text || to_char(quarter at time zone 'UTC', '_YYYY"q"Q');
        if to_regclass(child) is null then
            execute format('create table %s partition of %s for values from (%L) to (%L)',
                child, parent, kentongan.uuid_at(quarter), kentongan.uuid_at(quarter + interval '3 months'));
            execute format('alter table %s enable row level security', child);
            made := made + 1;
        end if;
    end loop;
    if to_regclass(parent::text || '_other') is null then
        execute format('create table %s partition of %s default', parent::text || '_other', parent);
        execute format('alter table %s enable row level security', parent::text || '_other');
        made := made + 1;
    end if;
    return made;
end
$$;
revoke execute on function kentongan.ensure_partitions(regclass, timestamptz) from public;
revoke execute on function kentongan.protect(regclass, text) from public;

-- Machinery: what the libraries keep for themselves. These tables have no tenant and hold no citizen's word;
-- they are named in db/machinery-tables.txt, which the catalogue test reads.
create table machinery.event_publication (
    id uuid not null primary key,
    listener_id text not null,
    event_type text not null,
    serialized_event text not null,
    publication_date timestamptz not null,
    completion_date timestamptz,
    status text,
    completion_attempts int,
    last_resubmission_date timestamptz
);
create index event_publication_serialized_event_hash_idx on machinery.event_publication using hash (serialized_event);
create index event_publication_by_completion_date_idx on machinery.event_publication (completion_date);

create table machinery.scheduled_tasks (
    task_name text not null,
    task_instance text not null,
    task_data bytea,
    execution_time timestamptz not null,
    picked boolean not null,
    picked_by text,
    last_success timestamptz,
    last_failure timestamptz,
    consecutive_failures int,
    last_heartbeat timestamptz,
    version bigint not null,
    priority smallint,
    primary key (task_name, task_instance)
);
create index scheduled_tasks_execution_time_idx on machinery.scheduled_tasks (execution_time);
create index scheduled_tasks_last_heartbeat_idx on machinery.scheduled_tasks (last_heartbeat);

create table machinery.spring_session (
    primary_id char(36) not null primary key,
    session_id char(36) not null,
    creation_time bigint not null,
    last_access_time bigint not null,
    max_inactive_interval int not null,
    expiry_time bigint not null,
    principal_name varchar(100)
);
create unique index spring_session_ix1 on machinery.spring_session (session_id);
create index spring_session_ix2 on machinery.spring_session (expiry_time);
create index spring_session_ix3 on machinery.spring_session (principal_name);
create table machinery.spring_session_attributes (
    session_primary_id char(36) not null references machinery.spring_session (primary_id) on delete cascade,
    attribute_name varchar(200) not null,
    attribute_bytes bytea not null,
    primary key (session_primary_id, attribute_name)
);
grant select, insert, update, delete on all tables in schema machinery to "${appRole}";
