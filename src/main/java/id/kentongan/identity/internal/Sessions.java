// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.kernel.OfficerId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.stereotype.Component;

/** Where an officer is signed in, on all nodes. */
@Component
class Sessions {
    private final FindByIndexNameSessionRepository<? extends Session> repository;

    Sessions(FindByIndexNameSessionRepository<? extends Session> repository) {
        this.repository = repository;
    }

    /**
     * @param handle names the session on a page without being its id
     * @param here whether it is the one that asks
     */
    record Open(String handle, Instant since, Instant lastSeen, boolean here) {}

    /** The one seen last comes first. */
    List<Open> of(OfficerId officer, @Nullable String current) {
        return found(officer).values().stream()
                .filter(session -> !session.isExpired())
                .map(session -> new Open(
                        handle(session.getId()),
                        session.getCreationTime(),
                        session.getLastAccessedTime(),
                        session.getId().equals(current)))
                .sorted(Comparator.comparing(Open::lastSeen).reversed())
                .toList();
    }

    /** Ends one session of the officer; a handle of somebody else's names nothing. */
    void end(OfficerId officer, String handle) {
        found(officer).keySet().stream().filter(id -> handle(id).equals(handle)).forEach(repository::deleteById);
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
