-- SPDX-License-Identifier: Apache-2.0
-- Raw deliveries that were taken in are forgotten after their time, for all tenants at once. Only finished ones:
-- what failed is kept until an administrator has settled it.
create function channel.forget_deliveries(before timestamptz, share integer) returns integer
    language sql security definer set search_path = channel, pg_temp
as $$
    with old as (
        select tenant_id, id
        from delivery
        where id < kentongan.uuid_at(before) and state = 'done'
        limit share),
    gone as (
        delete from delivery d
        using old
        where d.tenant_id = old.tenant_id and d.id = old.id
        returning 1)
    select count(*)::integer from gone
$$;
revoke execute on function channel.forget_deliveries(timestamptz, integer) from public;
grant execute on function channel.forget_deliveries(timestamptz, integer) to "${appRole}";

-- From when a message is tried for its days: its birth, or the moment an officer had it sent again.
alter table channel.outgoing add column patience_from timestamptz;
