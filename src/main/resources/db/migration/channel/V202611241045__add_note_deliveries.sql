-- SPDX-License-Identifier: Apache-2.0
-- To which inboxes a note went already, so that a repeated send leaves those out.
create table channel.ap_delivery (
    tenant_id uuid not null,
    note_id uuid not null,
    inbox_hash bytea not null,
    state text not null check (state in ('done', 'refused')),
    changed_at timestamptz not null,
    primary key (tenant_id, note_id, inbox_hash)
);
select kentongan.protect('channel.ap_delivery');

-- The outbox lists what is public; the unlisted is open to whoever has its address.
alter table channel.ap_object add column audience text not null default 'DIRECT'
    check (audience in ('PUBLIC', 'UNLISTED', 'FOLLOWERS', 'DIRECT'));
