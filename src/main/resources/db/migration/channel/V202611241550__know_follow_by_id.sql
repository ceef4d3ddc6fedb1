-- SPDX-License-Identifier: Apache-2.0
-- Who leaves may name nothing but the activity by which they followed.
alter table channel.ap_follower add column follow_hash bytea;
