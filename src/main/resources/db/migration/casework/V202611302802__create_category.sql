-- SPDX-License-Identifier: Apache-2.0
-- What cases are about, in the government's own words, and which agency usually answers for it.
create table casework.category (
    tenant_id uuid not null,
    name text not null,
    agency_id uuid,
    note text not null,
    primary key (tenant_id, name)
);
select kentongan.protect('casework.category', 'select, insert, update');
