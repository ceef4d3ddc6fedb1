-- SPDX-License-Identifier: Apache-2.0
-- A large delivery lies sealed in a file of the data folder, written and forced before the row that names it; the row
-- keeps its headers. Read by everybody who claims, a row of megabytes cost the whole batch its memory.
alter table channel.delivery add column file_name text;
create index delivery_file on channel.delivery (tenant_id, file_name) where file_name is not null;

-- As before, and tells which files the forgotten named, so that they go with their rows.
drop function channel.forget_deliveries(timestamptz, timestamptz, integer);
create function channel.forget_deliveries(finished timestamptz, unsettled timestamptz, share integer)
    returns table (tenant_id uuid, file_name text)
    language sql security definer set search_path = channel, pg_temp
as $$
    with old as (
        select d.tenant_id, d.id
        from delivery d
        where d.id < kentongan.uuid_at(finished) and d.state = 'done'
        or d.id < kentongan.uuid_at(unsettled) and d.state = 'failed'
        limit share),
    words as (
        delete from delivery_words w
        using old
        where w.tenant_id = old.tenant_id and w.delivery_id = old.id)
    delete from delivery d
    using old
    where d.tenant_id = old.tenant_id and d.id = old.id
    returning d.tenant_id, d.file_name
$$;
revoke execute on function channel.forget_deliveries(timestamptz, timestamptz, integer) from public;
grant execute on function channel.forget_deliveries(timestamptz, timestamptz, integer) to "${appRole}";
