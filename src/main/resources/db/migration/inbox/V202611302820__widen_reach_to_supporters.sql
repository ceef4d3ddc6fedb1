-- SPDX-License-Identifier: Apache-2.0
-- Agencies that help with a case read its conversations: exactly those that the case's mark names, and nothing of theirs
-- besides. What they may write there is for the application to say; who may read is said here.
alter table inbox.conversation add column supporting uuid[] not null default '{}';
drop policy reach on inbox.conversation;
create policy reach on inbox.conversation as restrictive
    using (((select kentongan.sees_all())
            or agency_id = any ((select kentongan.reach())::uuid[])
            or supporting && (select kentongan.reach())::uuid[])
        and (not confidential or (select kentongan.in_circle())));
