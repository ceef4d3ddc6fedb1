-- SPDX-License-Identifier: Apache-2.0
-- How many messages an account may send in a day of the tenant's zone; null is without limit.
alter table channel.account add column daily_limit integer check (daily_limit > 0);

-- The places of a day that were taken. A message takes one, however often it is tried on that day.
create table channel.account_day (
    tenant_id uuid not null,
    account_id uuid not null,
    day date not null,
    taken integer not null check (taken >= 0),
    primary key (tenant_id, account_id, day)
);
select kentongan.protect('channel.account_day', 'select, insert, update');
alter table channel.outgoing add column budget_day date;

-- An officer decided that it is not sent: it stands refused, and nobody is asked about it again.
alter table channel.outgoing add column given_up_at timestamptz;
drop index channel.outgoing_troubled;
create index outgoing_troubled on channel.outgoing (tenant_id, id)
    where state in ('REFUSED', 'UNKNOWN') and given_up_at is null;
