-- SPDX-License-Identifier: Apache-2.0
-- Several agencies on one case: one leads and answers, the others see it, add to it and have tasks.
alter table casework.case
    add column supporting uuid[] not null default '{}',
    add constraint case_supporting_check check (agency_id is null or agency_id <> all (supporting));
drop policy reach on casework.case;
create policy reach on casework.case as restrictive
    using (((select kentongan.sees_all())
            or agency_id = any ((select kentongan.reach())::uuid[])
            or supporting && (select kentongan.reach())::uuid[])
        and (not confidential or (select kentongan.in_circle())));
create index case_supported on casework.case using gin (supporting) where supporting <> '{}';

create table casework.task (
    tenant_id uuid not null,
    id uuid not null,
    case_id uuid not null,
    title_sealed bytea not null,
    for_agency uuid not null,
    officer_id uuid,
    due_on date,
    created_at timestamptz not null,
    created_by text not null,
    done_at timestamptz,
    done_by text,
    reminded boolean not null default false,
    primary key (tenant_id, id),
    foreign key (tenant_id, case_id) references casework.case (tenant_id, id),
    check ((done_at is null) = (done_by is null))
);
select kentongan.protect('casework.task', 'select, insert, update');
comment on table casework.task is 'citizens words';
create policy reach on casework.task as restrictive
    using (exists (select 1 from casework.case c where c.tenant_id = task.tenant_id and c.id = task.case_id));
create index task_case on casework.task (tenant_id, case_id, id);
create index task_open on casework.task (tenant_id, for_agency, due_on, id) where done_at is null;
create index task_to_remind on casework.task (tenant_id, due_on) where done_at is null and not reminded;

alter table casework.notice drop constraint notice_what_check;
alter table casework.notice add constraint notice_what_check check (what in (
    'REMINDED', 'ESCALATED', 'RETURNED', 'REOPENED', 'RESUMED', 'DEADLINES_MOVED', 'SUPPORT', 'CONTRIBUTED', 'TASK',
    'TASK_DUE', 'TASK_DONE'));
