-- SPDX-License-Identifier: Apache-2.0
create table casework.case_number (
    tenant_id uuid not null,
    year integer not null,
    last integer not null,
    primary key (tenant_id, year)
);
select kentongan.protect('casework.case_number');

create table casework.case (
    tenant_id uuid not null,
    id uuid not null,
    public_number text not null,
    kind text not null check (kind in
        ('complaint', 'complaint-supervised', 'aspiration', 'information-request', 'whistle-blowing')),
    state text not null check (state in ('RECEIVED', 'FORWARDED', 'ANSWERED', 'CLOSED')),
    category text,
    agency_id uuid,
    anonymous boolean not null,
    confidential boolean not null,
    data_key_id uuid not null,
    title_sealed bytea,
    place_sealed bytea,
    district text,
    rule_id uuid,
    opened_at timestamptz not null,
    first_answer_at timestamptz,
    closed_at timestamptz,
    due_at timestamptz,
    version bigint not null default 1,
    primary key (tenant_id, id)
);
select kentongan.protect('casework.case');
comment on table casework.case is 'citizens words';
create policy reach on casework.case as restrictive
    using (((select kentongan.sees_all()) or agency_id = any ((select kentongan.reach())::uuid[]))
        and (not confidential or (select kentongan.in_circle())));
create unique index case_public_number on casework.case (tenant_id, public_number);
create index case_newest on casework.case (tenant_id, id desc);
create index case_open on casework.case (tenant_id, id desc) where state <> 'CLOSED';
create index case_agency on casework.case (tenant_id, agency_id, id desc);
create index case_due on casework.case (tenant_id, due_at, id) where due_at is not null;
create index case_opened on casework.case (tenant_id, opened_at) include (agency_id, state, first_answer_at, due_at);

create table casework.case_conversation (
    tenant_id uuid not null,
    conversation_id uuid not null,
    case_id uuid not null,
    primary key (tenant_id, conversation_id, case_id),
    foreign key (tenant_id, case_id) references casework.case (tenant_id, id)
);
select kentongan.protect('casework.case_conversation');
create index case_conversation_case on casework.case_conversation (tenant_id, case_id);

create table casework.clock (
    tenant_id uuid not null,
    case_id uuid not null,
    kind text not null check (kind in ('VERIFY', 'FIRST_FOLLOW_UP', 'FINISH')),
    started_at timestamptz not null,
    due_on date not null,
    due_at timestamptz not null,
    met_at timestamptz,
    amount integer not null,
    unit text not null,
    source text not null,
    overdue_told boolean not null default false,
    primary key (tenant_id, case_id, kind),
    foreign key (tenant_id, case_id) references casework.case (tenant_id, id)
);
select kentongan.protect('casework.clock');
create index clock_running on casework.clock (tenant_id, due_at) where met_at is null and not overdue_told;

create table casework.timeline (
    tenant_id uuid not null,
    id uuid not null,
    case_id uuid not null,
    at timestamptz not null,
    what text not null,
    by_name text,
    from_agency uuid,
    to_agency uuid,
    text_sealed bytea,
    to_public boolean not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, case_id) references casework.case (tenant_id, id)
);
select kentongan.protect('casework.timeline', 'select, insert');
comment on table casework.timeline is 'citizens words';
create policy reach on casework.timeline as restrictive
    using ((select kentongan.sees_all()) and (select kentongan.in_circle())
        or exists (
            select 1 from casework.case c where c.tenant_id = timeline.tenant_id and c.id = timeline.case_id));
create index timeline_case on casework.timeline (tenant_id, case_id, id);

create table casework.secret_link (
    tenant_id uuid not null,
    token_hash bytea not null,
    case_id uuid not null,
    primary key (tenant_id, token_hash),
    foreign key (tenant_id, case_id) references casework.case (tenant_id, id)
);
select kentongan.protect('casework.secret_link');

create table casework.routing_rule (
    tenant_id uuid not null,
    id uuid not null,
    ordering integer not null,
    title text not null,
    words text[] not null,
    network text,
    district text,
    kind text,
    category text,
    agency_id uuid,
    source text not null,
    effective_from date not null,
    effective_to date,
    primary key (tenant_id, id)
);
select kentongan.protect('casework.routing_rule');

create table casework.district (
    tenant_id uuid not null,
    code text not null,
    name text not null,
    latitude double precision not null,
    longitude double precision not null,
    primary key (tenant_id, code)
);
select kentongan.protect('casework.district');
create table casework.village (
    tenant_id uuid not null,
    code text not null,
    district_code text not null,
    name text not null,
    latitude double precision not null,
    longitude double precision not null,
    primary key (tenant_id, code),
    foreign key (tenant_id, district_code) references casework.district (tenant_id, code)
);
select kentongan.protect('casework.village');

create function casework.tenants_with_overdue(moment timestamptz) returns setof uuid
    language sql stable security definer set search_path = casework, pg_temp
as $$ select distinct tenant_id from clock where met_at is null and not overdue_told and due_at <= moment $$;
revoke execute on function casework.tenants_with_overdue(timestamptz) from public;
grant execute on function casework.tenants_with_overdue(timestamptz) to "${appRole}";
