-- SPDX-License-Identifier: Apache-2.0
-- Which state may follow which is the database's rule: a trigger notes where a case came from, and the check decides.
-- A case that comes in from elsewhere comes from nowhere and may have any state.
create function casework.keep_step() returns trigger language plpgsql as $$
begin
    new.came_from := case when new.state is distinct from old.state then old.state else old.came_from end;
    return new;
end
$$;
create trigger keep_step before update of state, came_from on casework.case
    for each row execute function casework.keep_step();

alter table casework.case
    drop constraint case_state_check,
    add constraint case_state_check check (state in ('RECEIVED', 'FORWARDED', 'POSTPONED', 'ANSWERED', 'CLOSED')),
    add constraint case_step_check check (came_from is null or (came_from, state) in (
        ('RECEIVED', 'FORWARDED'), ('RECEIVED', 'POSTPONED'), ('RECEIVED', 'ANSWERED'), ('RECEIVED', 'CLOSED'),
        ('FORWARDED', 'RECEIVED'), ('FORWARDED', 'POSTPONED'), ('FORWARDED', 'ANSWERED'), ('FORWARDED', 'CLOSED'),
        ('POSTPONED', 'RECEIVED'), ('POSTPONED', 'FORWARDED'), ('POSTPONED', 'ANSWERED'), ('POSTPONED', 'CLOSED'),
        ('ANSWERED', 'RECEIVED'), ('ANSWERED', 'FORWARDED'), ('ANSWERED', 'CLOSED'),
        ('CLOSED', 'RECEIVED'), ('CLOSED', 'FORWARDED'))),
    add constraint case_outcome_check_state check ((state = 'CLOSED') = (outcome is not null)),
    add constraint case_archive_check check ((outcome is not distinct from 'ARCHIVED') = (archive_reason is not null)),
    add constraint case_postponed_check check (
        (state = 'POSTPONED') = (postponed_until is not null)
        and (state = 'POSTPONED') = (resumes_as is not null));
create index case_postponed on casework.case (tenant_id, postponed_until, id) where state = 'POSTPONED';
