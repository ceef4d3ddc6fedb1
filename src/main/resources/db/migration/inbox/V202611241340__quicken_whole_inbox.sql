-- SPDX-License-Identifier: Apache-2.0
-- The box of everything, done or not, in the order of urgency: without these a page of it sorted every conversation
-- of the tenant.
create index conversation_all on inbox.conversation (tenant_id, urgent_at, id);
create index conversation_all_kind on inbox.conversation (tenant_id, case_kind, urgent_at, id)
    where case_kind is not null;
