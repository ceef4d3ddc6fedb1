-- SPDX-License-Identifier: Apache-2.0
-- What officers are told at the desk: numbers, codes and days, never a citizen's word. A notice has a key that says what
-- it is about, so that each officer is told once, whatever the jobs and the clocks do.
create table casework.notice (
    tenant_id uuid not null,
    id uuid not null,
    officer_id uuid not null,
    once text not null,
    what text not null check (what in ('REMINDED', 'ESCALATED', 'RETURNED', 'REOPENED', 'RESUMED', 'DEADLINES_MOVED')),
    case_id uuid,
    case_number text,
    clock text check (clock in ('VERIFY', 'FIRST_FOLLOW_UP', 'FINISH')),
    step integer check (step between 1 and 3),
    amount integer,
    on_day date,
    at timestamptz not null,
    seen_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, case_id) references casework.case (tenant_id, id),
    check ((what = 'ESCALATED') = (step is not null)),
    check ((what = 'DEADLINES_MOVED') = (case_id is null))
);
select kentongan.protect('casework.notice');
create policy own on casework.notice as restrictive
    using (officer_id = (select kentongan.actor()) or ((select kentongan.sees_all()) and (select kentongan.in_circle())));
create unique index notice_once on casework.notice (tenant_id, officer_id, once);
create index notice_newest on casework.notice (tenant_id, officer_id, id desc);
create index notice_unseen on casework.notice (tenant_id, officer_id) where seen_at is null;
create index notice_age on casework.notice (tenant_id, at);

alter table casework.clock
    add column reminded boolean not null default false,
    add column escalated integer not null default 0 check (escalated between 0 and 3);
create index clock_to_remind on casework.clock (tenant_id, due_on)
    where met_at is null and held_at is null and not reminded;
create index clock_to_escalate on casework.clock (tenant_id, due_at)
    where met_at is null and held_at is null and escalated < 3;
