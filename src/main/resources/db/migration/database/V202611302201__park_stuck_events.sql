-- SPDX-License-Identifier: Apache-2.0
-- Events whose listener failed. While another try is due (next_at) the event itself stands in the machinery's table;
-- parked, it stands here alone, so that nothing hands it out again until an administrator says so.
create table kentongan.stuck_event (
    tenant_id uuid not null,
    id uuid not null,
    listener_id text not null,
    event_type text not null,
    published_at timestamptz not null,
    failed_at timestamptz not null,
    attempts integer not null,
    error text not null,
    next_at timestamptz,
    serialized_event text,
    primary key (tenant_id, id),
    check ((next_at is null) = (serialized_event is not null))
);
select kentongan.protect('kentongan.stuck_event');

-- What the job asks across tenants. What failed without a line here (the process was killed, the database was away,
-- nobody listens any more) is due after a pause too.
create function kentongan.events_due(moment timestamptz, pause interval, most integer) returns setof uuid
    language sql stable security definer set search_path = kentongan, pg_temp
as $$
    select p.id
    from machinery.event_publication p
    left join stuck_event s on s.id = p.id
    where (p.status = 'FAILED' or (p.status is null and p.completion_date is null))
    and case
        when s.id is null then greatest(p.publication_date, p.last_resubmission_date) <= moment - pause
        else s.next_at <= moment
    end
    order by coalesce(s.next_at, p.publication_date)
    limit most
$$;
revoke execute on function kentongan.events_due(timestamptz, interval, integer) from public;
grant execute on function kentongan.events_due(timestamptz, interval, integer) to "${appRole}";

create function kentongan.events_exhausted(tries integer) returns table (tenant uuid, event uuid)
    language sql stable security definer set search_path = kentongan, pg_temp
as $$
    select (p.serialized_event::jsonb #>> '{tenant,value}')::uuid, p.id
    from machinery.event_publication p
    where p.status = 'FAILED' and p.completion_attempts >= tries
    and p.serialized_event::jsonb #>> '{tenant,value}' is not null
    order by p.publication_date
    limit 1000
$$;
revoke execute on function kentongan.events_exhausted(integer) from public;
grant execute on function kentongan.events_exhausted(integer) to "${appRole}";

-- What was handled after all leaves no line behind.
create function kentongan.forget_handled_events() returns bigint
    language sql security definer set search_path = kentongan, pg_temp
as $$
    with gone as (
        delete from stuck_event s
        where s.next_at is not null
        and not exists (select 1 from machinery.event_publication p where p.id = s.id)
        returning 1)
    select count(*) from gone
$$;
revoke execute on function kentongan.forget_handled_events() from public;
grant execute on function kentongan.forget_handled_events() to "${appRole}";
