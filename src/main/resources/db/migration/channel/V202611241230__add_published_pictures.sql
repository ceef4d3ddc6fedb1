-- SPDX-License-Identifier: Apache-2.0
-- Pictures of what we said, sealed, under addresses that only who was told can know.
create table channel.ap_media (
    tenant_id uuid not null,
    note_id uuid not null,
    place integer not null,
    address_hash bytea not null,
    media_type text not null,
    sealed bytea not null,
    primary key (tenant_id, note_id, place)
);
select kentongan.protect('channel.ap_media', 'select, insert');
create unique index ap_media_address on channel.ap_media (tenant_id, address_hash);
