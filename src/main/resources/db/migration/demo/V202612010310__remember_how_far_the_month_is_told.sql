-- SPDX-License-Identifier: Apache-2.0
-- How far the imaginary month is told, so that one that a stop interrupted goes on at the next start. Numbers and ids
-- only; a story's line is written in the transaction of the step it counts, and all go when the month is told.
create schema demo;
grant usage on schema demo to "${appRole}";

-- begun_at is the month's present: nothing later is told, however late the telling ends.
create table demo.month (
    tenant_id uuid not null primary key,
    begun_at timestamptz,
    told_at timestamptz,
    check (told_at is null or begun_at is not null)
);
select kentongan.protect('demo.month', 'select, insert, update');

create table demo.story (
    tenant_id uuid not null references demo.month,
    number integer not null,
    told integer not null check (told > 0),
    conversation_id uuid,
    case_id uuid,
    of_circle boolean not null,
    primary key (tenant_id, number)
);
select kentongan.protect('demo.story');
-- Nobody but the system reads it.
create policy reach on demo.story as restrictive
    using ((select kentongan.sees_all()) and (select kentongan.in_circle()));
