-- SPDX-License-Identifier: Apache-2.0
-- An edit or a deletion that waits for its message waits for that of one author: whose message it will be is known only
-- when it comes. Empty where the network itself sees to it that nobody changes another's words, and of those that waited
-- before authors were told apart.
alter table inbox.pending_change add column author_hash bytea not null default '';
alter table inbox.pending_change drop constraint pending_change_pkey;
alter table inbox.pending_change add primary key (tenant_id, account_id, target_hash, author_hash, at);
alter table inbox.pending_change alter column author_hash drop default;
