-- SPDX-License-Identifier: Apache-2.0
-- A district or village whose position nobody has told has none, instead of a wrong one.
alter table casework.district alter column latitude drop not null, alter column longitude drop not null;
alter table casework.village alter column latitude drop not null, alter column longitude drop not null;
alter table casework.district add constraint district_position check ((latitude is null) = (longitude is null));
alter table casework.village add constraint village_position check ((latitude is null) = (longitude is null));
