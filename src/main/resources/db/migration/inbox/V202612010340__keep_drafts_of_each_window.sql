-- SPDX-License-Identifier: Apache-2.0
-- An officer may write an answer in two windows: each window's words are a draft of their own, and the older no longer
-- goes under the newer. A window that goes on with what another has left takes that draft over.
alter table inbox.draft add column window_id uuid not null default gen_random_uuid();
alter table inbox.draft add column version uuid not null default gen_random_uuid();
alter table inbox.draft drop constraint draft_pkey;
alter table inbox.draft add primary key (tenant_id, officer_id, conversation_id, window_id);
alter table inbox.draft alter column window_id drop default;
alter table inbox.draft alter column version drop default;
