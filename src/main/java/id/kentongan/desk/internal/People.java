// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Officer;
import id.kentongan.identity.Officers;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The colleagues and agencies a page names, looked up once for it. */
final class People {
    private static final Set<Role> HOLDERS = Set.of(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER);

    private final Actor actor;
    private final Officers officers;
    private final Agencies everyAgency;
    private final Map<OfficerId, Officer> known = new LinkedHashMap<>();
    private final Map<AgencyId, Agency> agencies = new LinkedHashMap<>();

    People(Actor actor, Officers officers, Agencies agencies) {
        this.actor = actor;
        this.officers = officers;
        this.everyAgency = agencies;
        officers.all(actor).forEach(each -> known.put(each.id(), each));
        agencies.all(actor).forEach(each -> this.agencies.put(each.id(), each));
    }

    String name(@Nullable OfficerId id) {
        if (id == null) {
            return "";
        }
        var officer = known.get(id);
        // Somebody who has left still has a name on what they wrote.
        return officer != null
                ? officer.name()
                : officers.names(actor, List.of(id)).getOrDefault(id, "");
    }

    String initials(@Nullable OfficerId id) {
        var officer = id == null ? null : known.get(id);
        return officer == null ? "?" : officer.initials();
    }

    boolean isMe(@Nullable OfficerId id) {
        return id != null && id.value().equals(actor.id());
    }

    /** Whoever only reads leaves no mark, so everything would stay new to them. */
    boolean marksRead() {
        return !actor.readOnly();
    }

    @Nullable
    AgencyId myAgency() {
        var me = known.get(actor.officer());
        return me == null ? null : me.agency();
    }

    @Nullable
    String agency(@Nullable AgencyId id) {
        if (id == null) {
            return null;
        }
        // An agency that was closed still has a name on its old cases.
        if (!agencies.containsKey(id)) {
            everyAgency.find(actor, id).ifPresent(closed -> agencies.put(id, closed));
        }
        var agency = agencies.get(id);
        return agency == null ? null : agency.shortName();
    }

    /** Whether work may still be given to it. */
    boolean isOpen(@Nullable AgencyId id) {
        var agency = id == null ? null : agencies.get(id);
        return agency != null && agency.active();
    }

    List<Choice> agencyChoices() {
        return agencies.values().stream()
                .filter(Agency::active)
                .map(each -> new Choice(each.id().toString(), each.shortName()))
                .toList();
    }

    /** Who answers for an agency, by agency and name; the value says both. */
    List<Choice> liaisons() {
        return Choice.sorted(known.values().stream()
                .filter(Officer::active)
                .filter(each -> each.roles().contains(Role.LIAISON_OFFICER))
                .filter(each -> agency(each.agency()) != null)
                .map(each -> new Choice(each.agency() + ":" + each.id(), agency(each.agency()) + " · " + each.name()))
                .toList());
    }

    /** Whom a conversation can be handed to: active colleagues who work with citizens' words. */
    List<Choice> holders() {
        return Choice.sorted(known.values().stream()
                .filter(Officer::active)
                .filter(each -> each.roles().stream().anyMatch(HOLDERS::contains))
                .filter(each -> !isMe(each.id()))
                .map(each -> {
                    var agency = agency(each.agency());
                    return new Choice(
                            each.id().toString(), agency == null ? each.name() : each.name() + " · " + agency);
                })
                .toList());
    }
}
