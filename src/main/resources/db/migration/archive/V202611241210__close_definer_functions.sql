-- SPDX-License-Identifier: Apache-2.0
-- It runs as a trigger only; a function with its owner's rights is nobody's to call.
revoke execute on function archive.queue_for_sealing() from public;
