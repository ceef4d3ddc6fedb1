-- SPDX-License-Identifier: Apache-2.0
-- A change that is made while the one before it is on its way to that server follows once that has arrived: two at once
-- might arrive in the wrong order, and the older words would stand.
alter table channel.ap_delivery add column once_more boolean not null default false;
