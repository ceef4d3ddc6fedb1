-- SPDX-License-Identifier: Apache-2.0
-- Whose chain goes on beyond its last checkpoint. One step of an index per tenant, however long the chains are.
create function archive.tenants_to_sign() returns setof uuid
    language sql stable security definer set search_path = archive, pg_temp
as $$
    with recursive tenant (id) as (
        (select l.tenant_id from link l order by l.tenant_id limit 1)
        union all
        select (select l.tenant_id from link l where l.tenant_id > t.id order by l.tenant_id limit 1)
        from tenant t
        where t.id is not null)
    select t.id
    from tenant t
    where t.id is not null
    and (select max(l.sequence) from link l where l.tenant_id = t.id)
        > coalesce((select max(c.sequence) from checkpoint c where c.tenant_id = t.id), 0)
$$;
revoke execute on function archive.tenants_to_sign() from public;
grant execute on function archive.tenants_to_sign() to "${appRole}";
