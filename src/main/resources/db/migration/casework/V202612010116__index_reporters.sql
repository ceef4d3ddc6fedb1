-- SPDX-License-Identifier: Apache-2.0
-- The earlier cases of whoever writes stand beside their conversation.
create index case_reporter on casework.case (tenant_id, reporter_id, id desc) where reporter_id is not null;
