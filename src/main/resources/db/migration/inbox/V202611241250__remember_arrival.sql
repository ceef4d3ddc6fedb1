-- SPDX-License-Identifier: Apache-2.0
-- What was said at ten may arrive at noon, after a reading at eleven: unread goes by arrival.
alter table inbox.conversation add column heard_at timestamptz;
update inbox.conversation set heard_at = last_at;
alter table inbox.conversation alter column heard_at set not null;
alter table inbox.conversation alter column heard_at set default now();
