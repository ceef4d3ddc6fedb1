-- SPDX-License-Identifier: Apache-2.0
-- As before, and rows that came in past the last partition, while nobody extended them, move out of the rest: a
-- partition over their time could not be made otherwise, then or ever.
create or replace function kentongan.ensure_partitions(parent regclass, around timestamptz default now())
    returns integer language plpgsql as $$
declare
    rest text := parent::text || '_other';
    quarter timestamptz;
    child text;
    low uuid;
    high uuid;
    late boolean;
    made integer := 0;
begin
    if to_regclass(rest) is null then
        execute format('create table %s partition of %s default', rest, parent);
        execute format('alter table %s enable row level security', rest);
        made := made + 1;
    end if;
    for step in -1..2 loop
        quarter := date_trunc('quarter', around at time zone 'UTC') at time zone 'UTC' + step * interval '3 months';
        child := parent::text || to_char(quarter at time zone 'UTC', '_YYYY"q"Q');
        if to_regclass(child) is null then
            low := kentongan.uuid_at(quarter);
            high := kentongan.uuid_at(quarter + interval '3 months');
            execute format('select exists (select 1 from %s where id >= %L and id < %L)', rest, low, high) into late;
            if late then
                execute format('create table %s (like %s including defaults including constraints)', child, parent);
                execute format('with moved as (delete from %s where id >= %L and id < %L returning *) '
                    'insert into %s select * from moved', rest, low, high, child);
                execute format('alter table %s attach partition %s for values from (%L) to (%L)',
                    parent, child, low, high);
            else
                execute format('create table %s partition of %s for values from (%L) to (%L)',
                    child, parent, low, high);
            end if;
            execute format('alter table %s enable row level security', child);
            made := made + 1;
        end if;
    end loop;
    return made;
end
$$;

-- The next partitions of every partitioned table, asked for by a job. It would rather fail and be asked again than
-- wait behind a backup with everybody waiting behind it.
create function kentongan.extend_partitions(around timestamptz) returns integer
    language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
    parent regclass;
    made integer := 0;
begin
    for parent in
        select c.oid
        from pg_class c
        join pg_partitioned_table p on p.partrelid = c.oid
        where p.partstrat = 'r' and not c.relispartition
        order by c.oid
    loop
        made := made + kentongan.ensure_partitions(parent, around);
    end loop;
    return made;
end
$$;
revoke execute on function kentongan.extend_partitions(timestamptz) from public;
grant execute on function kentongan.extend_partitions(timestamptz) to "${appRole}";
