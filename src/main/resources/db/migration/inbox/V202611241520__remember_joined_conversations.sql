-- SPDX-License-Identifier: Apache-2.0
-- A conversation that became part of another is found there: by an officer who still has its page open, and by
-- whatever was under way when a late message joined the two.
create table inbox.joined_conversation (
    tenant_id uuid not null,
    id uuid not null,
    into_id uuid not null,
    primary key (tenant_id, id)
);
select kentongan.protect('inbox.joined_conversation', 'select, insert, update');
create index joined_conversation_into on inbox.joined_conversation (tenant_id, into_id);
