-- SPDX-License-Identifier: Apache-2.0
-- Asked before keys are made: new ones beside data sealed by others would be a mistake found too late.
create function privacy.has_tenant_keys() returns boolean
    language sql stable security definer set search_path = privacy, pg_temp
as $$ select exists (select 1 from tenant_key) $$;

-- Whose keys a rotation wraps anew.
create function privacy.tenants_with_keys() returns setof uuid
    language sql stable security definer set search_path = privacy, pg_temp
as $$ select distinct tenant_id from tenant_key order by 1 $$;

revoke execute on function privacy.has_tenant_keys(), privacy.tenants_with_keys() from public;
grant execute on function privacy.has_tenant_keys(), privacy.tenants_with_keys() to "${appRole}";
