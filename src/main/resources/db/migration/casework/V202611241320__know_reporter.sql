-- SPDX-License-Identifier: Apache-2.0
-- Whose case it is: the contact stays the same when their key does not, so that a person who left and came back still
-- adds to their own case, and an answer goes to whoever asked, also in a thread somebody else began.
alter table casework.case add column reporter_id uuid;
comment on column casework.case.reporter_id is 'contact in inbox; null in cases older than the column';
