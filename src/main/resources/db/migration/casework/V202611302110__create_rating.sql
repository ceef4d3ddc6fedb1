-- SPDX-License-Identifier: Apache-2.0
-- What a citizen says of how they were served, once for each closing of their case.
alter table casework.case add column closings integer not null default 0;

create table casework.rating (
    tenant_id uuid not null,
    case_id uuid not null,
    closing integer not null check (closing > 0),
    stars integer not null check (stars between 1 and 5),
    word_sealed bytea,
    given_at timestamptz not null,
    changed_at timestamptz,
    primary key (tenant_id, case_id, closing),
    foreign key (tenant_id, case_id) references casework.case (tenant_id, id)
);
select kentongan.protect('casework.rating', 'select, insert, update');
comment on table casework.rating is 'citizens words';
create policy reach on casework.rating as restrictive
    using (exists (
        select 1 from casework.case c where c.tenant_id = rating.tenant_id and c.id = rating.case_id));

-- A link sent when a case is closed opens its rating and nothing else.
alter table casework.secret_link
    add column purpose text not null default 'REPORTER' check (purpose in ('REPORTER', 'RATING'));
