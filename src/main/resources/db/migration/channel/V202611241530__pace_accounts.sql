-- SPDX-License-Identifier: Apache-2.0
-- When an account may send its next message: the share of a minute is one for all nodes. Who must wait is promised a
-- moment of its own, and has it in its row.
create table channel.account_pace (
    tenant_id uuid not null,
    account_id uuid not null,
    next_at timestamptz not null,
    primary key (tenant_id, account_id)
);
select kentongan.protect('channel.account_pace', 'select, insert, update');
