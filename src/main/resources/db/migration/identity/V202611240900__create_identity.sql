-- SPDX-License-Identifier: Apache-2.0
create table identity.tenant (
    tenant_id uuid not null primary key,
    name text not null,
    short_name text not null,
    host text not null,
    zone text not null,
    case_prefix text not null check (case_prefix ~ '^[A-Z]{2,6}$'),
    demonstration boolean not null,
    created_at timestamptz not null
);
select kentongan.protect('identity.tenant');

-- Where a tenant is found by: host names now, webhook and actor addresses of adapters too.
create table identity.tenant_address (
    tenant_id uuid not null references identity.tenant (tenant_id),
    kind text not null,
    key text not null,
    primary key (tenant_id, kind, key)
);
select kentongan.protect('identity.tenant_address');
create index tenant_address_key on identity.tenant_address (kind, key);

create function identity.find_tenant(wanted_kind text, wanted_key text) returns uuid
    language sql stable security definer set search_path = identity, pg_temp
as $$ select tenant_id from tenant_address where kind = wanted_kind and key = wanted_key order by tenant_id limit 1 $$;
revoke execute on function identity.find_tenant(text, text) from public;
grant execute on function identity.find_tenant(text, text) to "${appRole}";

create function identity.tenant_ids() returns setof uuid
    language sql stable security definer set search_path = identity, pg_temp
as $$ select tenant_id from tenant order by created_at, tenant_id $$;
revoke execute on function identity.tenant_ids() from public;
grant execute on function identity.tenant_ids() to "${appRole}";

create table identity.agency (
    tenant_id uuid not null references identity.tenant (tenant_id),
    id uuid not null,
    parent_id uuid,
    code text not null,
    name text not null,
    short_name text not null,
    duties text not null,
    active boolean not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, parent_id) references identity.agency (tenant_id, id)
);
select kentongan.protect('identity.agency', 'select, insert, update');
create unique index agency_code on identity.agency (tenant_id, code);

create table identity.officer (
    tenant_id uuid not null references identity.tenant (tenant_id),
    id uuid not null,
    agency_id uuid not null,
    name text not null,
    mail_sealed bytea not null,
    mail_hash bytea not null,
    password_hash text,
    totp_sealed bytea,
    totp_last_step bigint not null default 0,
    circle boolean not null,
    active boolean not null,
    created_at timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, agency_id) references identity.agency (tenant_id, id)
);
select kentongan.protect('identity.officer', 'select, insert, update');
create unique index officer_mail on identity.officer (tenant_id, mail_hash);

create table identity.officer_role (
    tenant_id uuid not null,
    officer_id uuid not null,
    role text not null check (role in
        ('ADMINISTRATOR', 'COMMUNICATION_OFFICER', 'SUPERVISOR', 'LIAISON_OFFICER', 'HEAD', 'AUDITOR')),
    primary key (tenant_id, officer_id, role),
    foreign key (tenant_id, officer_id) references identity.officer (tenant_id, id)
);
select kentongan.protect('identity.officer_role');

create table identity.recovery_code (
    tenant_id uuid not null,
    officer_id uuid not null,
    code_hash bytea not null,
    used_at timestamptz,
    primary key (tenant_id, officer_id, code_hash),
    foreign key (tenant_id, officer_id) references identity.officer (tenant_id, id)
);
select kentongan.protect('identity.recovery_code');

create table identity.invitation (
    tenant_id uuid not null,
    token_hash bytea not null,
    officer_id uuid not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    primary key (tenant_id, token_hash),
    foreign key (tenant_id, officer_id) references identity.officer (tenant_id, id)
);
select kentongan.protect('identity.invitation');

-- Failed sign-ins by keyed hash of what was tried: an address or a mail address.
create table identity.sign_in_attempt (
    tenant_id uuid not null,
    key_hash bytea not null,
    failures integer not null,
    last_at timestamptz not null,
    blocked_until timestamptz,
    primary key (tenant_id, key_hash)
);
select kentongan.protect('identity.sign_in_attempt');
