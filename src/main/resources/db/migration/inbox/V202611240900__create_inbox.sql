-- SPDX-License-Identifier: Apache-2.0
create table inbox.contact (
    tenant_id uuid not null,
    id uuid not null,
    data_key_id uuid not null,
    automated boolean not null,
    created_at timestamptz not null,
    primary key (tenant_id, id)
);
select kentongan.protect('inbox.contact');

create table inbox.contact_identity (
    tenant_id uuid not null,
    network text not null,
    key_hash bytea not null,
    contact_id uuid not null,
    handle_hash bytea not null,
    sealed bytea not null,
    primary key (tenant_id, network, key_hash),
    foreign key (tenant_id, contact_id) references inbox.contact (tenant_id, id)
);
select kentongan.protect('inbox.contact_identity');
create index contact_identity_contact on inbox.contact_identity (tenant_id, contact_id);
create index contact_identity_handle on inbox.contact_identity (tenant_id, handle_hash);

create table inbox.conversation (
    tenant_id uuid not null,
    id uuid not null,
    account_id uuid not null,
    network text not null,
    contact_id uuid not null,
    data_key_id uuid not null,
    audience text not null check (audience in ('PUBLIC', 'UNLISTED', 'FOLLOWERS', 'DIRECT')),
    thread_hash bytea not null,
    preview_sealed bytea,
    opened_at timestamptz not null,
    last_at timestamptz not null,
    waiting_since timestamptz,
    done boolean not null default false,
    assignee uuid,
    agency_id uuid,
    confidential boolean not null default false,
    anonymous boolean not null default false,
    case_id uuid,
    case_number text,
    case_kind text,
    case_state text,
    due_at timestamptz,
    urgent_at timestamptz not null default 'infinity',
    version bigint not null default 1,
    primary key (tenant_id, id),
    foreign key (tenant_id, contact_id) references inbox.contact (tenant_id, id)
);
select kentongan.protect('inbox.conversation');
comment on table inbox.conversation is 'citizens words';
create policy reach on inbox.conversation as restrictive
    using (((select kentongan.sees_all()) or agency_id = any ((select kentongan.reach())::uuid[]))
        and (not confidential or (select kentongan.in_circle())));
create unique index conversation_thread on inbox.conversation (tenant_id, account_id, thread_hash);
create index conversation_urgent on inbox.conversation (tenant_id, urgent_at, id) where not done;
create index conversation_newest on inbox.conversation (tenant_id, last_at desc, id desc);
create index conversation_mine on inbox.conversation (tenant_id, assignee, urgent_at, id) where not done;
create index conversation_agency on inbox.conversation (tenant_id, agency_id, urgent_at, id) where not done;
create index conversation_waiting on inbox.conversation (tenant_id, urgent_at, id)
    where not done and waiting_since is not null;
create index conversation_due on inbox.conversation (tenant_id, due_at, id) where not done and due_at is not null;
create index conversation_case on inbox.conversation (tenant_id, case_id) where case_id is not null;
create index conversation_number on inbox.conversation (tenant_id, case_number) where case_number is not null;

-- What comes first in the list: the nearest deadline; without a case, a day after the citizen began to wait.
create function inbox.set_urgency() returns trigger language plpgsql as $$
begin
    new.urgent_at := coalesce(new.due_at, new.waiting_since + interval '24 hours', 'infinity');
    return new;
end
$$;
create trigger set_urgency before insert or update of due_at, waiting_since on inbox.conversation
    for each row execute function inbox.set_urgency();

create table inbox.message (
    tenant_id uuid not null,
    id uuid not null,
    conversation_id uuid not null,
    contact_id uuid,
    data_key_id uuid not null,
    direction text not null check (direction in ('IN', 'OUT', 'NOTE')),
    at timestamptz not null,
    audience text not null check (audience in ('PUBLIC', 'UNLISTED', 'FOLLOWERS', 'DIRECT')),
    key_hash bytea,
    parent_hash bytea,
    body_key bytea,
    body_sealed bytea,
    details_sealed bytea,
    commitment bytea not null,
    automatic boolean not null default false,
    officer_id uuid,
    outgoing_id uuid,
    edited_at timestamptz,
    deleted_at timestamptz,
    primary key (tenant_id, id)
) partition by range (id);
select kentongan.protect('inbox.message');
comment on table inbox.message is 'citizens words';
create policy reach on inbox.message as restrictive
    using ((select kentongan.sees_all()) and (select kentongan.in_circle())
        or exists (
            select 1 from inbox.conversation c
            where c.tenant_id = message.tenant_id and c.id = message.conversation_id));
select kentongan.ensure_partitions('inbox.message');
create index message_conversation on inbox.message (tenant_id, conversation_id, id);
create index message_key on inbox.message (tenant_id, key_hash) where key_hash is not null;
create index message_parent on inbox.message (tenant_id, parent_hash) where parent_hash is not null;
create index message_outgoing on inbox.message (tenant_id, outgoing_id) where outgoing_id is not null;
create index message_contact on inbox.message (tenant_id, contact_id) where contact_id is not null;

create table inbox.message_version (
    tenant_id uuid not null,
    message_id uuid not null,
    at timestamptz not null,
    body_key bytea not null,
    body_sealed bytea not null,
    primary key (tenant_id, message_id, at)
);
select kentongan.protect('inbox.message_version');
comment on table inbox.message_version is 'citizens words';
create policy reach on inbox.message_version as restrictive
    using (exists (select 1 from inbox.message m where m.tenant_id = message_version.tenant_id and m.id = message_id));

create table inbox.message_file (
    tenant_id uuid not null,
    message_id uuid not null,
    position integer not null,
    media_type text not null,
    size bigint not null,
    file_name text not null,
    file_key bytea not null,
    description_sealed bytea,
    primary key (tenant_id, message_id, position)
);
select kentongan.protect('inbox.message_file');
comment on table inbox.message_file is 'citizens words';
create policy reach on inbox.message_file as restrictive
    using (exists (select 1 from inbox.message m where m.tenant_id = message_file.tenant_id and m.id = message_id));

-- Edits and deletions that came before their message.
create table inbox.pending_change (
    tenant_id uuid not null,
    account_id uuid not null,
    target_hash bytea not null,
    at timestamptz not null,
    deleted boolean not null,
    sealed bytea,
    primary key (tenant_id, account_id, target_hash, at)
);
select kentongan.protect('inbox.pending_change');

-- The words of messages for searching, gone with the content. Read through inbox.find only.
create table inbox.message_search (
    tenant_id uuid not null,
    message_id uuid not null,
    conversation_id uuid not null,
    words tsvector not null,
    primary key (tenant_id, message_id)
);
select kentongan.protect('inbox.message_search');
comment on table inbox.message_search is 'citizens words';
create policy reach on inbox.message_search as restrictive
    using ((select kentongan.sees_all()) and (select kentongan.in_circle())
        or exists (
            select 1 from inbox.conversation c
            where c.tenant_id = message_search.tenant_id and c.id = message_search.conversation_id));
create index message_search_words on inbox.message_search using gin (words);

-- Full text is not leakproof, so its index works only past the policies: the conditions stand inside.
create function inbox.find(query tsquery, before uuid, most integer) returns table (conversation_id uuid, newest uuid)
    language sql stable security definer set search_path = inbox, pg_temp
as $$
    select f.conversation_id, max(f.message_id::text)::uuid
    from (
        select s.conversation_id, s.message_id
        from message_search s
        join conversation c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
        where s.tenant_id = kentongan.tenant()
        and s.words @@ query
        and (kentongan.sees_all() or c.agency_id = any (kentongan.reach()))
        and (not c.confidential or kentongan.in_circle())
        and (before is null or s.message_id < before)
        limit 2000) f
    group by f.conversation_id
    order by 2 desc
    limit most
$$;
revoke execute on function inbox.find(tsquery, uuid, integer) from public;
grant execute on function inbox.find(tsquery, uuid, integer) to "${appRole}";

create table inbox.draft (
    tenant_id uuid not null,
    officer_id uuid not null,
    conversation_id uuid not null,
    sealed bytea not null,
    saved_at timestamptz not null,
    primary key (tenant_id, officer_id, conversation_id)
);
select kentongan.protect('inbox.draft');

create table inbox.conversation_read (
    tenant_id uuid not null,
    officer_id uuid not null,
    conversation_id uuid not null,
    read_at timestamptz not null,
    primary key (tenant_id, officer_id, conversation_id)
);
select kentongan.protect('inbox.conversation_read');

create table inbox.presence (
    tenant_id uuid not null,
    conversation_id uuid not null,
    officer_id uuid not null,
    at timestamptz not null,
    primary key (tenant_id, conversation_id, officer_id)
);
select kentongan.protect('inbox.presence');

create table inbox.canned_answer (
    tenant_id uuid not null,
    id uuid not null,
    title text not null,
    text text not null,
    primary key (tenant_id, id)
);
select kentongan.protect('inbox.canned_answer');
