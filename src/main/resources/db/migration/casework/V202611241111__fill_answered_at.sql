-- SPDX-License-Identifier: Apache-2.0
update casework.case
set answered_at = first_answer_at
where answered_at is null
  and first_answer_at is not null;
