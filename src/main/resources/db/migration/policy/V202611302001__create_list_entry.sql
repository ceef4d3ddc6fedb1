-- SPDX-License-Identifier: Apache-2.0
-- Dated, sourced lists: the reasons an officer chooses from, the clocks that run on, who is told at which step. An entry
-- ends on a day and is never changed, so that what was decided by it can be explained later.
create table policy.list_entry (
    tenant_id uuid not null,
    id uuid not null,
    list text not null check (list ~ '^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$'),
    code text not null check (code ~ '^[a-z][a-z0-9-]*$'),
    position integer not null,
    title_id text not null check (length(btrim(title_id)) > 0),
    title_en text check (length(btrim(title_en)) > 0),
    source text not null check (length(btrim(source)) > 0),
    source_url text,
    effective_from date not null,
    effective_to date,
    confidence text not null check (confidence in ('PUBLISHED', 'SECONDARY', 'PRACTICE')),
    changed_at timestamptz not null,
    primary key (tenant_id, id),
    check (effective_to is null or effective_to >= effective_from)
);
select kentongan.protect('policy.list_entry', 'select, insert, update');
create unique index list_entry_once on policy.list_entry (tenant_id, list, code) where effective_to is null;
