-- SPDX-License-Identifier: Apache-2.0
-- How long deliveries are kept is a dated rule of each tenant: what has had its time is found for one of them.
drop function channel.forget_deliveries(timestamptz, timestamptz, integer);
create function channel.forget_deliveries(whose uuid, finished timestamptz, unsettled timestamptz, share integer)
    returns table (file_name text)
    language sql security definer set search_path = channel, pg_temp
as $$
    with old as (
        select d.tenant_id, d.id
        from delivery d
        where d.tenant_id = whose
        and (d.id < kentongan.uuid_at(finished) and d.state = 'done'
            or d.id < kentongan.uuid_at(unsettled) and d.state = 'failed')
        limit share),
    words as (
        delete from delivery_words w
        using old
        where w.tenant_id = old.tenant_id and w.delivery_id = old.id)
    delete from delivery d
    using old
    where d.tenant_id = old.tenant_id and d.id = old.id
    returning d.file_name
$$;
revoke execute on function channel.forget_deliveries(uuid, timestamptz, timestamptz, integer) from public;
grant execute on function channel.forget_deliveries(uuid, timestamptz, timestamptz, integer) to "${appRole}";
