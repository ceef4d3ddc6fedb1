// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.MediaType;
import org.springframework.session.SessionRepository;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The stream of a page of the desk. */
@Controller
class LiveController {
    private final LiveStream stream;
    private final Conversations conversations;
    private final ObjectProvider<SessionRepository<?>> sessions;

    LiveController(LiveStream stream, Conversations conversations, ObjectProvider<SessionRepository<?>> sessions) {
        this.stream = stream;
        this.conversations = conversations;
        this.sessions = sessions;
    }

    @GetMapping(path = "/desk/alir", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter stream(
            Actor actor, @RequestParam(required = false) @Nullable String percakapan, HttpServletRequest request) {
        Access.reads(actor);
        var open = percakapan == null ? null : Access.conversation(percakapan);
        if (open != null && conversations.accessible(actor, open).isEmpty()) {
            throw Refusal.notFound().asException();
        }
        var session = request.getSession(false);
        return stream.open(actor, open, session == null ? () -> true : alive(session.getId()));
    }

    /** Asked in the session's store, because this request itself keeps nothing of it alive. */
    private BooleanSupplier alive(String id) {
        var store = sessions.getIfAvailable();
        return store == null ? () -> true : () -> store.findById(id) != null;
    }
}
