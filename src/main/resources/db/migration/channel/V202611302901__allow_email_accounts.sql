-- SPDX-License-Identifier: Apache-2.0
alter table channel.account drop constraint account_network_check;
alter table channel.account add constraint account_network_check check (network in ('activitypub', 'email', 'web'));
