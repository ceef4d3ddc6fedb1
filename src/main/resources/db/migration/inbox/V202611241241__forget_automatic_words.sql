-- SPDX-License-Identifier: Apache-2.0
-- Automatic messages carry secret links, whose tokens stood among the words for searching: they are searched no more.
delete from inbox.message_search s
using inbox.message m
where m.tenant_id = s.tenant_id and m.id = s.message_id and m.automatic;
