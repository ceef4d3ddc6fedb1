-- SPDX-License-Identifier: Apache-2.0
-- The tenant's keys, wrapped by a version of the master key file, which lies outside the database.
create table privacy.tenant_key (
    tenant_id uuid not null,
    version integer not null,
    master_version integer not null,
    wrapped bytea not null,
    hashing_wrapped bytea not null,
    created_at timestamptz not null,
    primary key (tenant_id, version)
);
select kentongan.protect('privacy.tenant_key');

-- One data key per contact, wrapped by the tenant's key. Destroying it is erasure.
create table privacy.data_key (
    tenant_id uuid not null,
    id uuid not null,
    tenant_key_version integer not null,
    wrapped bytea,
    destroyed_at timestamptz,
    primary key (tenant_id, id),
    check ((wrapped is null) = (destroyed_at is not null))
);
select kentongan.protect('privacy.data_key');
create index data_key_version on privacy.data_key (tenant_id, tenant_key_version);

-- Who was shown whose personal data: one line per actor, subject and hour.
create table privacy.reading (
    tenant_id uuid not null,
    actor uuid not null,
    subject_kind text not null,
    subject_id uuid not null,
    hour timestamptz not null,
    first_at timestamptz not null,
    reason text,
    primary key (tenant_id, actor, subject_kind, subject_id, hour)
);
select kentongan.protect('privacy.reading', 'select, insert');
create index reading_subject on privacy.reading (tenant_id, subject_kind, subject_id, hour);
