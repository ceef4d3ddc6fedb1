-- SPDX-License-Identifier: Apache-2.0
-- The citizen's message a line tells of: an event heard twice adds it once, and a message that is destroyed takes
-- the title made from it along, but no other.
alter table casework.timeline add column message_id uuid;
create unique index timeline_message on casework.timeline (tenant_id, message_id) where message_id is not null;

-- When the citizen was last answered: from then the automatic closing counts.
alter table casework.case add column answered_at timestamptz;
create index case_answered on casework.case (tenant_id, answered_at) where state = 'ANSWERED';
