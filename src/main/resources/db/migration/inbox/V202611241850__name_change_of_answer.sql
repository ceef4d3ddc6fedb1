-- SPDX-License-Identifier: Apache-2.0
-- The newest correction or withdrawal of an answer on its way out: the outbox tells what became of it.
alter table inbox.message add column change_id uuid;
create index message_change on inbox.message (tenant_id, change_id) where change_id is not null;
