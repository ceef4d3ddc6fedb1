-- SPDX-License-Identifier: Apache-2.0
-- What was never tried stands apart: looking for what was tried before read the whole backlog of a surge each time.
drop index channel.delivery_waiting;
create index delivery_new on channel.delivery (tenant_id, next_attempt_at, id) where state = 'new';
create index delivery_tried on channel.delivery (tenant_id, next_attempt_at, id) where state in ('claimed', 'retry');

-- One look for each tenant, not one for each row that waits.
create or replace function channel.tenants_with_deliveries(moment timestamptz) returns setof uuid
    language sql stable security definer set search_path = channel, pg_temp
as $$
    with recursive fresh (tenant_id) as (
        (select tenant_id from delivery where state = 'new' and next_attempt_at <= moment order by tenant_id limit 1)
        union all
        select (select d.tenant_id from delivery d
                where d.state = 'new' and d.next_attempt_at <= moment and d.tenant_id > f.tenant_id
                order by d.tenant_id limit 1)
        from fresh f where f.tenant_id is not null),
    tried (tenant_id) as (
        (select tenant_id from delivery where state in ('claimed', 'retry') and next_attempt_at <= moment
         order by tenant_id limit 1)
        union all
        select (select d.tenant_id from delivery d
                where d.state in ('claimed', 'retry') and d.next_attempt_at <= moment and d.tenant_id > t.tenant_id
                order by d.tenant_id limit 1)
        from tried t where t.tenant_id is not null)
    select tenant_id from fresh where tenant_id is not null
    union
    select tenant_id from tried where tenant_id is not null
$$;
create or replace function channel.tenants_with_outgoing(moment timestamptz) returns setof uuid
    language sql stable security definer set search_path = channel, pg_temp
as $$
    with recursive due (tenant_id) as (
        (select tenant_id from outgoing where state in ('QUEUED', 'SENDING', 'RETRY') and next_attempt_at <= moment
         order by tenant_id limit 1)
        union all
        select (select o.tenant_id from outgoing o
                where o.state in ('QUEUED', 'SENDING', 'RETRY') and o.next_attempt_at <= moment
                and o.tenant_id > d.tenant_id
                order by o.tenant_id limit 1)
        from due d where d.tenant_id is not null)
    select tenant_id from due where tenant_id is not null
$$;
