-- SPDX-License-Identifier: Apache-2.0
-- What we answered in public, newest first, without walking past all that was said to us.
create index message_published on inbox.message (tenant_id, id desc)
    where direction = 'OUT' and audience in ('PUBLIC', 'UNLISTED') and not automatic and deleted_at is null;
