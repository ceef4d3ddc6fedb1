// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.stereotype.Component;

/**
 * Where an officer is signed in, on all nodes. Within a transaction sessions are read and ended as part of it: whoever
 * loses the right to be signed in and the sessions themselves go together.
 */
@Component
class Sessions {
    private final FindByIndexNameSessionRepository<? extends Session> repository;
    private final Devices devices;

    Sessions(FindByIndexNameSessionRepository<? extends Session> repository, Devices devices) {
        this.repository = repository;
        this.devices = devices;
    }

    /** The id of the session that asks, or null when there is none. */
    static @Nullable String current(HttpServletRequest request) {
        var session = request.getSession(false);
        return session == null ? null : session.getId();
    }

    /**
     * @param handle names the session on a page without being its id
     * @param here whether it is the one that asks
     */
    record Open(String handle, Devices.Device device, Instant since, Instant lastSeen, boolean here) {}

    /** The one seen last comes first. */
    List<Open> of(TenantId tenant, OfficerId officer, @Nullable String current) {
        return found(officer).values().stream()
                .filter(session -> !session.isExpired())
                .map(session -> new Open(
                        handle(session.getId()),
                        devices.of(session, tenant),
                        session.getCreationTime(),
                        session.getLastAccessedTime(),
                        session.getId().equals(current)))
                .sorted(Comparator.comparing(Open::lastSeen).reversed())
                .toList();
    }

    int count(OfficerId officer) {
        return (int) found(officer).values().stream()
                .filter(session -> !session.isExpired())
                .count();
    }

    /** Ends one session of the officer; false when the handle names none of theirs. */
    boolean end(OfficerId officer, String handle) {
        var named = found(officer).keySet().stream()
                .filter(id -> handle(id).equals(handle))
                .toList();
        named.forEach(repository::deleteById);
        return !named.isEmpty();
    }

    void endOthers(OfficerId officer, @Nullable String current) {
        found(officer).keySet().stream().filter(id -> !id.equals(current)).forEach(repository::deleteById);
    }

    void endAll(OfficerId officer) {
        endOthers(officer, null);
    }

    private Map<String, ? extends Session> found(OfficerId officer) {
        return repository.findByPrincipalName(officer.value().toString());
    }

    private static String handle(String id) {
        return HexFormat.of().formatHex(Tokens.hash(id), 0, 8);
    }
}
