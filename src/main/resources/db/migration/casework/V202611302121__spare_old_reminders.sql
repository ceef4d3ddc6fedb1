-- SPDX-License-Identifier: Apache-2.0
-- What was late before there were reminders is not told of all at once: everybody has seen it in the lists.
update casework.clock set reminded = true, escalated = 3 where met_at is null and overdue_told;
