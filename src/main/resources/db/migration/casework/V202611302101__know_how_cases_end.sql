-- SPDX-License-Identifier: Apache-2.0
-- How a case ended, until when it is put off, and from which state it came.
alter table casework.case
    add column outcome text check (outcome in ('SETTLED', 'UNREACTED', 'NOT_OURS', 'ARCHIVED')),
    add column archive_reason text,
    add column postponed_until date,
    add column resumes_as text check (resumes_as in ('RECEIVED', 'FORWARDED')),
    add column came_from text;

-- A clock that stands still while its case is postponed: when it was stopped, and from where it goes on with how much.
alter table casework.clock
    add column held_at timestamptz,
    add column counted_from timestamptz,
    add column left_amount integer check (left_amount >= 0);
comment on column casework.clock.counted_from is 'from when left_amount counts; null as long as it is started_at and amount';

-- The day a line tells of: until when a case is put off, to which day a deadline moved.
alter table casework.timeline add column on_day date;

create or replace function casework.tenants_with_overdue(moment timestamptz) returns setof uuid
    language sql stable security definer set search_path = casework, pg_temp
as $$
    select distinct tenant_id
    from clock
    where met_at is null and held_at is null and not overdue_told and due_at <= moment
$$;
