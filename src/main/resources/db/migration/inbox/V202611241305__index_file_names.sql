-- SPDX-License-Identifier: Apache-2.0
-- The sweep of left-over files asks by name.
create index message_file_name on inbox.message_file (tenant_id, file_name);
