-- SPDX-License-Identifier: Apache-2.0
update casework.case set closings = 1 where state = 'CLOSED';
