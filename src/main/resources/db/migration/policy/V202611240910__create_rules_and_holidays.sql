-- SPDX-License-Identifier: Apache-2.0
-- Dated, sourced deadline rules and the days off of a tenant's calendar.
create table policy.deadline_rule (
    tenant_id uuid not null,
    id uuid not null,
    key text not null check (key ~ '^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$'),
    amount integer not null check (amount between 0 and 3650),
    unit text not null check (unit in ('WORKING_DAYS', 'DAYS', 'HOURS')),
    source text not null check (length(btrim(source)) > 0),
    source_url text,
    effective_from date not null,
    effective_to date,
    confidence text not null check (confidence in ('PUBLISHED', 'SECONDARY', 'PRACTICE')),
    changed_at timestamptz not null,
    primary key (tenant_id, id),
    unique (tenant_id, key, effective_from),
    check (effective_to is null or effective_to >= effective_from)
);
select kentongan.protect('policy.deadline_rule', 'select, insert, update');

-- Two rules of one key never hold on the same day. An exclusion constraint would need btree_gist, which an external
-- server may lack; the lock makes the check safe between concurrent administrators.
create function policy.refuse_overlapping_rule() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(new.tenant_id::text || new.key, 7));
    if exists (
        select from policy.deadline_rule other
        where other.tenant_id = new.tenant_id
          and other.key = new.key
          and other.id <> new.id
          and daterange(other.effective_from, other.effective_to, '[]')
              && daterange(new.effective_from, new.effective_to, '[]')
    ) then
        raise exclusion_violation using message = 'Two rules of one key would hold on the same day';
    end if;
    return null;
end
$$;
create trigger refuse_overlapping_rule after insert or update on policy.deadline_rule
    for each row execute function policy.refuse_overlapping_rule();

-- Each change of the calendar is a version, so that it can be said which calendar a deadline was computed with.
create table policy.calendar_version (
    tenant_id uuid not null,
    version integer not null check (version > 0),
    at timestamptz not null,
    reason text not null,
    primary key (tenant_id, version)
);
select kentongan.protect('policy.calendar_version', 'select, insert');

create table policy.holiday (
    tenant_id uuid not null,
    id uuid not null,
    day date not null,
    kind text not null check (kind in ('NATIONAL', 'COLLECTIVE_LEAVE', 'LOCAL')),
    title text not null check (length(btrim(title)) > 0),
    source text not null check (length(btrim(source)) > 0),
    added_at timestamptz not null,
    added_version integer not null,
    withdrawn_version integer,
    primary key (tenant_id, id),
    foreign key (tenant_id, added_version) references policy.calendar_version,
    foreign key (tenant_id, withdrawn_version) references policy.calendar_version
);
create unique index holiday_once_a_day on policy.holiday (tenant_id, day) where withdrawn_version is null;
select kentongan.protect('policy.holiday', 'select, insert, update');
