-- SPDX-License-Identifier: Apache-2.0
-- Whose words a raw delivery holds, so that a deletion reaches the raw copy too.
create table channel.delivery_words (
    tenant_id uuid not null,
    delivery_id uuid not null,
    key_hash bytea not null,
    primary key (tenant_id, delivery_id, key_hash)
);
select kentongan.protect('channel.delivery_words', 'select, insert');
create index delivery_words_key on channel.delivery_words (tenant_id, key_hash);

-- Its words are to be destroyed: at once when it is finished, else as soon as it is.
alter table channel.delivery add column forgotten boolean not null default false;

-- Failed deliveries are kept for an administrator to settle, but not for ever: nobody knows whose words they hold.
drop function channel.forget_deliveries(timestamptz, integer);
create function channel.forget_deliveries(finished timestamptz, unsettled timestamptz, share integer) returns integer
    language sql security definer set search_path = channel, pg_temp
as $$
    with old as (
        select tenant_id, id
        from delivery
        where id < kentongan.uuid_at(finished) and state = 'done'
        or id < kentongan.uuid_at(unsettled) and state = 'failed'
        limit share),
    words as (
        delete from delivery_words w
        using old
        where w.tenant_id = old.tenant_id and w.delivery_id = old.id),
    gone as (
        delete from delivery d
        using old
        where d.tenant_id = old.tenant_id and d.id = old.id
        returning 1)
    select count(*)::integer from gone
$$;
revoke execute on function channel.forget_deliveries(timestamptz, timestamptz, integer) from public;
grant execute on function channel.forget_deliveries(timestamptz, timestamptz, integer) to "${appRole}";
