-- SPDX-License-Identifier: Apache-2.0
-- What is on its way in or out holds citizens' words, our answers to them and whom they went to, of every agency and of
-- the confidential circle. It names no agency, and cannot: a case is handed over after it was written. So it is for those
-- alone who may read everything, as the machine may; what others may know of it (what became of an answer, why a delivery
-- failed) the module reads as the machine and hands on, once it has checked who asks.
do $$
declare
    words regclass;
begin
    foreach words in array array[
        'channel.delivery', 'channel.delivery_words', 'channel.outgoing', 'channel.ap_object', 'channel.ap_media',
        'channel.ap_delivery', 'channel.ap_follower', 'channel.ap_actor']::regclass[]
    loop
        execute format(
            'create policy reach on %s as restrictive '
            'using ((select kentongan.sees_all()) and (select kentongan.in_circle()))', words);
    end loop;
end
$$;
comment on table channel.delivery is 'citizens words';
comment on table channel.outgoing is 'citizens words';
comment on table channel.ap_object is 'citizens words';
comment on table channel.ap_media is 'citizens words';
