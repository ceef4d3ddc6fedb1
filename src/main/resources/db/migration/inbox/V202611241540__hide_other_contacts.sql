-- SPDX-License-Identifier: Apache-2.0
-- Who somebody is is read by those who see something of theirs: a conversation, or a message in one. The conditions
-- of those tables hold inside, by their indexes on the contact. Whoever sees everything asks for nothing further.
create policy reach on inbox.contact as restrictive
    using ((select kentongan.sees_all()) and (select kentongan.in_circle())
        or exists (
            select 1 from inbox.conversation c
            where c.tenant_id = contact.tenant_id and c.contact_id = contact.id)
        or exists (
            select 1 from inbox.message m
            where m.tenant_id = contact.tenant_id and m.contact_id = contact.id));
create policy reach on inbox.contact_identity as restrictive
    using ((select kentongan.sees_all()) and (select kentongan.in_circle())
        or exists (
            select 1 from inbox.contact k
            where k.tenant_id = contact_identity.tenant_id and k.id = contact_identity.contact_id));
