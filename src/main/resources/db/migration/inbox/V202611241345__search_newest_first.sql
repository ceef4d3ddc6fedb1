-- SPDX-License-Identifier: Apache-2.0
-- Words that belong together ("KTP elektronik") stand together in far more messages than the planner expects of two
-- words: it fetched and sorted all of them to find the newest. So the newest messages are read first, whatever the
-- words; only what they do not fill is asked of the index.
create or replace function inbox.find(query tsquery, before uuid, most integer)
    returns table (conversation uuid, newest uuid)
    language plpgsql stable security definer set search_path = inbox, pg_temp
as $$
declare
    tenant uuid := kentongan.tenant();
    boundary uuid := coalesce(before, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    portion integer := most * 8;
    lately constant integer := 5000;
    reachable text;
    unshown text;
    rows_read integer;
    hit record;
    seen uuid[] := '{}';
begin
    if tenant is null then
        return;
    end if;
    reachable :=
        case when kentongan.sees_all() then '' else 'and c.agency_id = any ($4) ' end
        || case when kentongan.in_circle() then '' else 'and not c.confidential ' end;
    unshown := case when before is null then ''
        else 'and not exists (
                  select 1 from message_search n
                  where n.tenant_id = $1 and n.conversation_id = s.conversation_id
                  and n.message_id >= $6 and n.words @@ $2) ' end;
    for hit in execute
        'select s.conversation_id, s.message_id
         from (
             select r.conversation_id, r.message_id, r.words
             from message_search r
             where r.tenant_id = $1 and r.message_id < $3
             order by r.message_id desc
             limit $5) s
         join conversation c on c.tenant_id = $1 and c.id = s.conversation_id
         where s.words @@ $2 ' || reachable || unshown || 'order by s.message_id desc'
        using tenant, query, boundary, kentongan.reach(), lately, before
    loop
        if not hit.conversation_id = any (seen) then
            seen := seen || hit.conversation_id;
            conversation := hit.conversation_id;
            newest := hit.message_id;
            return next;
            if cardinality(seen) >= most then
                return;
            end if;
        end if;
    end loop;
    -- Older ones, from where that ended.
    select min(r.message_id::text)::uuid
    into hit
    from (
        select l.message_id
        from message_search l
        where l.tenant_id = tenant and l.message_id < boundary
        order by l.message_id desc
        limit lately) r;
    if hit.min is null then
        return;
    end if;
    boundary := hit.min;
    loop
        rows_read := 0;
        for hit in execute
            'select s.conversation_id, s.message_id
             from message_search s
             join conversation c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
             where s.tenant_id = $1 and c.tenant_id = $1 and s.words @@ $2 and s.message_id < $3 '
            || reachable || unshown || 'order by s.message_id desc limit $5'
            using tenant, query, boundary, kentongan.reach(), portion, before
        loop
            rows_read := rows_read + 1;
            boundary := hit.message_id;
            if not hit.conversation_id = any (seen) then
                seen := seen || hit.conversation_id;
                conversation := hit.conversation_id;
                newest := hit.message_id;
                return next;
                if cardinality(seen) >= most then
                    return;
                end if;
            end if;
        end loop;
        exit when rows_read < portion;
    end loop;
end
$$;
