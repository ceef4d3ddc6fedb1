-- SPDX-License-Identifier: Apache-2.0
-- Since when a message may have been said without anybody knowing: before it is sent again, its network is asked, or
-- its idempotency key must still hold.
alter table channel.outgoing add column doubt_since timestamptz;
update channel.outgoing set doubt_since = changed_at where state in ('SENDING', 'UNKNOWN');
