-- SPDX-License-Identifier: Apache-2.0
-- What officers say: these two contacts are one person. A contact stays what one network knows of somebody, with its own
-- key, words and conversations; that they belong together stands here alone, so that a splitting leaves nothing behind.
-- The joinings that stand make a forest: none is added between two that are joined already, and so each that ends parts
-- exactly what it had joined.
create table inbox.contact_joining (
    tenant_id uuid not null,
    id uuid not null,
    one_id uuid not null,
    other_id uuid not null,
    because text not null check (because in ('OFFICER', 'SECRET_LINK', 'PHONE', 'MAIL', 'KEPT')),
    joined_at timestamptz not null,
    joined_by uuid not null,
    split_at timestamptz,
    split_by uuid,
    primary key (tenant_id, id),
    foreign key (tenant_id, one_id) references inbox.contact (tenant_id, id),
    foreign key (tenant_id, other_id) references inbox.contact (tenant_id, id),
    check (one_id < other_id),
    check ((split_at is null) = (split_by is null))
);
select kentongan.protect('inbox.contact_joining');
-- Who is one with whom may be more than an officer sees of either: the inbox reads it as the system, and shows of it
-- what is within reach.
create policy reach on inbox.contact_joining as restrictive
    using ((select kentongan.sees_all()) and (select kentongan.in_circle()));
create unique index contact_joining_once on inbox.contact_joining (tenant_id, one_id, other_id) where split_at is null;
create index contact_joining_other on inbox.contact_joining (tenant_id, other_id) where split_at is null;
create index contact_joining_history on inbox.contact_joining (tenant_id, one_id, joined_at);
create index contact_joining_history_other on inbox.contact_joining (tenant_id, other_id, joined_at);

-- And these two are not: what speaks for it is suggested no more.
create table inbox.contact_apart (
    tenant_id uuid not null,
    one_id uuid not null,
    other_id uuid not null,
    at timestamptz not null,
    officer_id uuid not null,
    primary key (tenant_id, one_id, other_id),
    foreign key (tenant_id, one_id) references inbox.contact (tenant_id, id),
    foreign key (tenant_id, other_id) references inbox.contact (tenant_id, id),
    check (one_id < other_id)
);
select kentongan.protect('inbox.contact_apart');
create policy reach on inbox.contact_apart as restrictive
    using ((select kentongan.sees_all()) and (select kentongan.in_circle()));
create index contact_apart_other on inbox.contact_apart (tenant_id, other_id);

-- What speaks for two contacts being one person, and is hard enough to suggest it: the same number or address left in
-- two forms, by a keyed hash; a form sent by the secret link of somebody's case. Gone with its message.
create table inbox.contact_evidence (
    tenant_id uuid not null,
    contact_id uuid not null,
    message_id uuid not null,
    kind text not null check (kind in ('SECRET_LINK', 'PHONE', 'MAIL')),
    value_hash bytea,
    reporter_id uuid,
    primary key (tenant_id, contact_id, message_id, kind),
    foreign key (tenant_id, contact_id) references inbox.contact (tenant_id, id),
    check ((kind = 'SECRET_LINK') = (reporter_id is not null)),
    check ((kind = 'SECRET_LINK') = (value_hash is null))
);
select kentongan.protect('inbox.contact_evidence');
create policy reach on inbox.contact_evidence as restrictive
    using ((select kentongan.sees_all()) and (select kentongan.in_circle()));
create index contact_evidence_value on inbox.contact_evidence (tenant_id, value_hash) where value_hash is not null;
create index contact_evidence_reporter on inbox.contact_evidence (tenant_id, reporter_id)
    where reporter_id is not null;
create index contact_evidence_message on inbox.contact_evidence (tenant_id, message_id);
