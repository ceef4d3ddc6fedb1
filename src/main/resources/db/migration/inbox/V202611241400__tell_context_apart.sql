-- SPDX-License-Identifier: Apache-2.0
-- What was said to us, and what only stands around it: an answer answers the former.
alter table inbox.message add column addressed boolean not null default true;
