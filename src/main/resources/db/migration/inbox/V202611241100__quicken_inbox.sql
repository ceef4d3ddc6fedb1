-- SPDX-License-Identifier: Apache-2.0
-- A reply is in conflict with what the citizen said or a colleague answered since, not with notes, assignment or
-- receipts: the version at which the newest of those words came stands apart.
alter table inbox.conversation add column heard_version bigint not null default 1;

-- Somebody who erased their account: what they said before and comes late is not kept either.
alter table inbox.contact_identity add column left_at timestamptz;

create index conversation_contact on inbox.conversation (tenant_id, contact_id);
create index conversation_nobodys on inbox.conversation (tenant_id, urgent_at, id) where not done and assignee is null;
create index conversation_kind on inbox.conversation (tenant_id, case_kind, urgent_at, id)
    where not done and case_kind is not null;
create index conversation_network on inbox.conversation (tenant_id, network, urgent_at, id) where not done;
create index conversation_finished on inbox.conversation (tenant_id, last_at desc, id desc) where done;

-- Searching one agency's conversations starts from those; and a conversation's rows go with it when it is joined.
create index message_search_conversation on inbox.message_search (tenant_id, conversation_id, message_id);
-- A long list of pending entries would be read by every search.
alter index inbox.message_search_words set (gin_pending_list_limit = 512);

-- Newest first, whatever the word: the plan is made for the very query, so that a frequent word is read along the
-- newest messages and a rare one through its index. (A fixed plan, or a limit before the order, finds the oldest.)
-- A conversation stands once, where its newest hit is; a later page leaves out what an earlier one has shown.
drop function inbox.find(tsquery, uuid, integer);
create function inbox.find(query tsquery, before uuid, most integer) returns table (conversation uuid, newest uuid)
    language plpgsql stable security definer set search_path = inbox, pg_temp
as $$
declare
    tenant uuid := kentongan.tenant();
    boundary uuid := coalesce(before, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    portion integer := most * 8;
    rows_read integer;
    hit record;
    seen uuid[] := '{}';
begin
    if tenant is null then
        return;
    end if;
    loop
        rows_read := 0;
        for hit in execute
            'select s.conversation_id, s.message_id
             from message_search s
             join conversation c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
             where s.tenant_id = $1 and c.tenant_id = $1 and s.words @@ $2 and s.message_id < $3 '
            || case when kentongan.sees_all() then '' else 'and c.agency_id = any ($4) ' end
            || case when kentongan.in_circle() then '' else 'and not c.confidential ' end
            || case when before is null then ''
                    else 'and not exists (
                              select 1 from message_search n
                              where n.tenant_id = $1 and n.conversation_id = s.conversation_id
                              and n.message_id >= $6 and n.words @@ $2) ' end
            || 'order by s.message_id desc limit $5'
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
revoke execute on function inbox.find(tsquery, uuid, integer) from public;
grant execute on function inbox.find(tsquery, uuid, integer) to "${appRole}";
