-- SPDX-License-Identifier: Apache-2.0
-- When the network took a message, and when it confirmed by a receipt that it has it, are two moments.
alter table channel.outgoing add column sent_at timestamptz;
update channel.outgoing set sent_at = confirmed_at, confirmed_at = null where confirmed_at is not null;
-- A receipt names what it confirms by the network's own key.
create index outgoing_remote on channel.outgoing (tenant_id, remote_key) where remote_key is not null;
