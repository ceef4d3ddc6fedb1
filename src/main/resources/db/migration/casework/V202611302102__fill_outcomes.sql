-- SPDX-License-Identifier: Apache-2.0
-- What the platform closed by itself was answered and not reacted to; everything else an officer settled.
update casework.case c
set outcome = case
        when (
            select l.by_name
            from casework.timeline l
            where l.tenant_id = c.tenant_id and l.case_id = c.id and l.what = 'closed'
            order by l.id desc
            limit 1) = 'casework'
        then 'UNREACTED'
        else 'SETTLED'
    end
where c.state = 'CLOSED';
