// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import id.kentongan.archive.Trail;
import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Intake;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.database.DataFolder;
import id.kentongan.database.Machinery;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** Everything that is stuck, in one place, each with what to do about it. */
@Controller
class StuckController {
    private static final String CHANNELS = "/desk/atur/kanal";
    private static final Duration LATE = Duration.ofMinutes(15);
    private static final Duration UNSEALED = Duration.ofMinutes(1);
    private static final long MEGABYTE = 1_000_000;
    /** Below it PostgreSQL and the log may soon find no room. */
    private static final long LEAST_ROOM = 2_000;

    private final Outbox outbox;
    private final Accounts accounts;
    private final Intake intake;
    private final Trail trail;
    private final Machinery machinery;
    private final DataFolder folder;
    private final MessageSource messages;
    private final Clock clock;

    StuckController(
            Outbox outbox,
            Accounts accounts,
            Intake intake,
            Trail trail,
            Machinery machinery,
            DataFolder folder,
            MessageSource messages,
            Clock clock) {
        this.outbox = outbox;
        this.accounts = accounts;
        this.intake = intake;
        this.trail = trail;
        this.machinery = machinery;
        this.folder = folder;
        this.messages = messages;
        this.clock = clock;
    }

    record StuckPage(List<Point> points, int stuck) {}

    @GetMapping("/desk/atur/tersendat")
    String page(Actor actor, Model model) {
        if (!actor.hasAny(Role.ADMINISTRATOR, Role.SUPERVISOR)) {
            throw Refusal.notFound().asException();
        }
        var points = new ArrayList<Point>();
        outgoing(actor, points);
        points.add(broken(actor));
        if (actor.has(Role.ADMINISTRATOR)) {
            var failed = intake.failures(actor).stream()
                    .mapToInt(Intake.FailureReason::count)
                    .sum();
            points.add(point("deliveries", failed == 0, CHANNELS + "/kiriman", failed));
            machine(actor, points);
        }
        model.addAttribute("page", new StuckPage(points, (int)
                points.stream().filter(each -> !each.well()).count()));
        return "operation/stuck";
    }

    private void outgoing(Actor actor, List<Point> points) {
        var held = outbox.held(actor);
        points.add(held("unknown", held, OutgoingStatus.State.UNKNOWN));
        points.add(held("refused", held, OutgoingStatus.State.REFUSED));
        var oldest = accounts.health(actor).values().stream()
                .map(each -> each.waitingSince())
                .filter(each -> each != null)
                .min(Instant::compareTo)
                .orElse(null);
        var minutes = minutes(oldest);
        points.add(point("waiting", minutes <= LATE.toMinutes(), CHANNELS, minutes));
    }

    private Point held(String key, List<Outbox.Held> held, OutgoingStatus.State state) {
        var count = held.stream().filter(each -> each.status().state() == state).count();
        return point(key, count == 0, CHANNELS, count);
    }

    private Point broken(Actor actor) {
        var broken = accounts.all(actor).stream()
                .filter(each -> each.state() == Account.State.BROKEN)
                .map(Account::handle)
                .collect(Collectors.joining(", "));
        return point("accounts", broken.isEmpty(), CHANNELS, broken);
    }

    /** What concerns the whole installation. */
    private void machine(Actor actor, List<Point> points) {
        var events = machinery.events();
        var waited = minutes(events.since());
        points.add(point("events", waited <= LATE.toMinutes(), null, events.count(), waited));
        var jobs = machinery.troubledJobs();
        points.add(point(
                "jobs",
                jobs.isEmpty(),
                null,
                jobs.stream().map(Machinery.Job::name).distinct().collect(Collectors.joining(", "))));
        var unsealed = trail.unsealedSince(Actor.system(actor.tenant(), "operation"));
        var since =
                unsealed.map(each -> Duration.between(each, clock.instant())).orElse(Duration.ZERO);
        points.add(point("trail", since.compareTo(UNSEALED) < 0, null, since.toSeconds()));
        var room = folder.path().toFile().getUsableSpace() / MEGABYTE;
        points.add(point("disk", room >= LEAST_ROOM, null, room));
    }

    private long minutes(@Nullable Instant since) {
        return since == null
                ? 0
                : Math.max(0, Duration.between(since, clock.instant()).toMinutes());
    }

    private Point point(String key, boolean well, @Nullable String href, Object... facts) {
        var prefix = "operation.stuck." + key;
        return new Point(
                say(prefix, facts),
                well,
                say(prefix + (well ? ".well" : ".stuck"), facts),
                say(prefix + ".remedy", facts),
                href);
    }

    private String say(String key, Object... arguments) {
        return messages.getMessage(key, arguments, LocaleContextHolder.getLocale());
    }
}
