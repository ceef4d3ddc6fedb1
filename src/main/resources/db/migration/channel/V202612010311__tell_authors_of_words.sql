-- SPDX-License-Identifier: Apache-2.0
-- Whose words a raw delivery holds, by a keyed hash: only the author's deletion reaches it. Null where the network does not
-- tell, and of those stored before.
alter table channel.delivery_words add column author_hash bytea;
