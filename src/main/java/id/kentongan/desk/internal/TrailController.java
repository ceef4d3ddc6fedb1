// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailLine;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The trail, newest first: who did what. For auditors and administrators. */
@Controller
class TrailController {
    private static final int STEP = 50;

    private final Trail trail;
    private final Say say;

    TrailController(Trail trail, Say say) {
        this.trail = trail;
        this.say = say;
    }

    record TrailPage(List<Line> lines, @Nullable String more, boolean first) {}

    /**
     * @param href the page of what it is about, where there is one for this reader
     * @param facts ids, states and numbers; the trail holds nothing personal
     */
    record Line(
            Instant at,
            String who,
            String what,
            String verb,
            String about,
            @Nullable String href,
            String facts,
            boolean sealed) {}

    @GetMapping("/desk/jejak")
    String trail(Actor actor, @RequestParam(required = false) @Nullable String sesudah, Model model) {
        Access.only(actor, Access.TRAIL);
        if (sesudah != null) {
            Access.uuid(sesudah);
        }
        var found = trail.latest(actor, sesudah, STEP);
        var next = found.next();
        model.addAttribute(
                "page",
                new TrailPage(
                        found.items().stream().map(each -> line(actor, each)).toList(),
                        next == null ? null : "/desk/jejak?sesudah=" + next,
                        sesudah == null));
        return "desk/trail";
    }

    private Line line(Actor actor, TrailLine each) {
        var entry = each.entry();
        var subject = entry.subject();
        return new Line(
                each.at(),
                each.actorKind() == Actor.Kind.OFFICER ? each.actorName() : say.it("desk.trail.machine"),
                say.itOr("desk.trail.verb." + entry.verb(), "desk.trail.other", entry.verb()),
                entry.verb(),
                say.itOr("desk.trail.subject." + subject.kind(), "desk.trail.thing", subject.kind()),
                href(actor, subject.kind(), subject.id().toString(), entry.facts()),
                new TreeMap<>(entry.facts())
                        .entrySet().stream()
                                .map(fact -> fact.getKey() + ": " + fact.getValue())
                                .collect(Collectors.joining(" · ")),
                each.sealed());
    }

    private static @Nullable String href(Actor actor, String kind, String id, Map<String, String> facts) {
        if (!actor.has(Role.AUDITOR)) {
            return null;
        }
        return switch (kind) {
            case "case" -> "/desk/kasus/" + id;
            case "conversation" -> "/desk/percakapan/" + id;
            case "message" ->
                facts.containsKey("conversation") ? "/desk/percakapan/" + facts.get("conversation") : null;
            default -> null;
        };
    }
}
