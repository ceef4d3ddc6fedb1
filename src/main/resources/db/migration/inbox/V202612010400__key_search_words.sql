-- SPDX-License-Identifier: Apache-2.0
-- The words for searching stand as hashes under the tenant's key. Rows that were there before hold the words
-- themselves until the application, which has the key, has hashed them.
alter table inbox.message_search add column keyed boolean not null default false;
alter table inbox.message_search alter column keyed set default true;
create index message_search_unkeyed on inbox.message_search (tenant_id, message_id) where not keyed;
comment on column inbox.message_search.words is 'hashes of single words under the tenant''s key';
