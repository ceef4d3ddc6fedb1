// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.archive.Subject;
import id.kentongan.channel.Account;
import id.kentongan.channel.AccountHealth;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Intake;
import id.kentongan.channel.Intake.FailedDelivery;
import id.kentongan.channel.MailAccounts;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outbox;
import id.kentongan.channel.OutgoingId;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.privacy.ReadingLog;
import id.kentongan.site.Dates;
import id.kentongan.site.FormErrors;
import id.kentongan.site.Numbers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Accounts on networks: how they are doing, what did not go out, what came in and could not be understood. */
@Controller
class ChannelsController {
    private static final String PATH = "/desk/atur/kanal";
    private static final int STEP = 50;
    /** A longer delivery is shown to here; nobody reads a megabyte. */
    private static final int SHOWN_CHARACTERS = 20_000;

    private final Accounts accounts;
    private final MailAccounts mail;
    private final Intake intake;
    private final Outbox outbox;
    private final Conversations conversations;
    private final ReadingLog readings;
    private final Failures failures;
    private final Abilities abilities;
    private final Dates dates;
    private final Numbers numbers;
    private final Say say;

    ChannelsController(
            Accounts accounts,
            MailAccounts mail,
            Intake intake,
            Outbox outbox,
            Conversations conversations,
            ReadingLog readings,
            Failures failures,
            Abilities abilities,
            Dates dates,
            Numbers numbers,
            Say say) {
        this.accounts = accounts;
        this.mail = mail;
        this.intake = intake;
        this.outbox = outbox;
        this.conversations = conversations;
        this.readings = readings;
        this.failures = failures;
        this.abilities = abilities;
        this.dates = dates;
        this.numbers = numbers;
        this.say = say;
    }

    /**
     * @param state in a sentence
     * @param reasons null where the reader does not look after the intake
     */
    record ChannelsPage(
            String state,
            List<AccountCard> accounts,
            List<HeldLine> held,
            @Nullable List<ReasonLine> reasons,
            int failed,
            boolean administers,
            FormErrors errors,
            String wrongAccount,
            String wrongLimit) {}

    /**
     * @param abilities what can be done on its network
     * @param stopped why nothing is sent, and what becomes of it; null while it is
     * @param limit what stands in the field, empty without limit
     */
    record AccountCard(
            String id,
            String icon,
            String handle,
            String name,
            String network,
            StateMark state,
            List<Fact> facts,
            List<Fact> abilities,
            @Nullable String stopped,
            boolean sends,
            String limit) {}

    record Fact(String term, String value, boolean late) {}

    /**
     * @param remedy the state in lower case: refused, unknown, retry
     * @param conversation address of the page it was written on, or null for whoever may not read there
     */
    record HeldLine(
            String id,
            String written,
            String account,
            StateMark state,
            String reason,
            String advice,
            String remedy,
            @Nullable String conversation) {}

    record ReasonLine(String code, String reason, String count, int number, String newest) {}

    record DeliveriesPage(List<DeliveryLine> rows, @Nullable String more, boolean first) {}

    record DeliveryLine(String id, String href, String received, String account, String reason, String attempts) {}

    /** @param body as text, or null while no reason is stated */
    record DeliveryPage(
            DeliveryLine line,
            String network,
            String headers,
            @Nullable String body,
            boolean cut,
            FormErrors errors) {}

    @GetMapping(PATH)
    ModelAndView show(Actor actor) {
        Access.settlesOrOversees(actor);
        return page(actor, FormErrors.none(), "", "");
    }

    private ModelAndView page(Actor actor, FormErrors errors, String wrongAccount, String wrongLimit) {
        var all = accounts.all(actor);
        var health = accounts.health(actor);
        var standings = mail.standings(actor);
        var administers = actor.has(Role.ADMINISTRATOR);
        var held = outbox.held(actor);
        var reasons = actor.hasAny(Access.OVERSEES) ? intake.failures(actor) : null;
        var failed = health.values().stream()
                .mapToInt(AccountHealth::failedDeliveries)
                .sum();
        var names = all.stream().collect(Collectors.toMap(Account::id, ChannelsController::called));
        var written = conversations.ofOutgoing(
                actor, held.stream().map(each -> each.status().id()).toList());
        var troubled = (int) held.stream()
                .filter(each -> each.status().state() != OutgoingStatus.State.RETRY)
                .count();
        return new ModelAndView("desk/channels")
                .addObject(
                        "page",
                        new ChannelsPage(
                                state(all, troubled, reasons == null ? 0 : failed),
                                all.stream()
                                        .map(each -> card(actor, each, health.get(each.id()), standings.get(each.id())))
                                        .toList(),
                                held.stream()
                                        .map(each -> held(names, each, written))
                                        .toList(),
                                reasons == null
                                        ? null
                                        : reasons.stream().map(this::reason).toList(),
                                failed,
                                administers,
                                errors,
                                wrongAccount,
                                wrongLimit));
    }

    private static String called(Account account) {
        return account.handle().isBlank() ? account.name() : account.handle();
    }

    private String state(List<Account> all, int troubled, int failed) {
        var active = all.stream()
                .filter(each -> each.state() == Account.State.ACTIVE)
                .count();
        return say.it(
                "desk.channels.state",
                active,
                all.size(),
                troubled + failed == 0
                        ? say.it("desk.channels.state-none")
                        : say.it("desk.channels.state-some", troubled, failed));
    }

    private AccountCard card(
            Actor actor, Account account, @Nullable AccountHealth health, MailAccounts.@Nullable Standing standing) {
        var code = account.state().name().toLowerCase(Locale.ROOT);
        var mark = switch (account.state()) {
            case ACTIVE -> new StateMark("good", "check-circle", say.it("desk.channels.account." + code));
            case PAUSED -> new StateMark("waiting", "pause", say.it("desk.channels.account." + code));
            case BROKEN -> new StateMark("late-label", "warning", say.it("desk.channels.account." + code));
        };
        var sends = account.network() != Network.WEB;
        var limit = health == null ? null : health.dailyLimit();
        return new AccountCard(
                account.id().toString(),
                InboxLists.icon(account.network()),
                called(account),
                account.name(),
                say.it("desk.network." + account.network().code()),
                mark,
                health == null ? List.of() : facts(account, health, standing),
                accounts.capabilities(actor, account.id()).map(abilities::of).orElse(List.of()),
                account.state() == Account.State.ACTIVE ? null : say.it("desk.channels." + code + "-text"),
                sends,
                limit == null ? "" : limit.toString());
    }

    private List<Fact> facts(Account account, AccountHealth health, MailAccounts.@Nullable Standing standing) {
        var facts = new java.util.ArrayList<Fact>();
        if (standing != null) {
            var looked = standing.lookedAt();
            facts.add(new Fact(
                    say.it("desk.mail.heard"),
                    looked == null ? say.it("desk.mail.heard-never") : dates.near(looked),
                    false));
            if (standing.failure() != null) {
                facts.add(new Fact(say.it("desk.mail.trouble"), failures.words(standing.failure()), true));
            }
        }
        facts.add(new Fact(say.it("desk.channels.received"), when(health.lastReceivedAt()), false));
        facts.add(new Fact(say.it("desk.channels.sent"), when(health.lastSentAt()), false));
        var limit = health.dailyLimit();
        facts.add(new Fact(
                say.it("desk.channels.today"),
                limit == null
                        ? say.it("desk.channels.today-free", numbers.whole(health.sentToday()))
                        : say.it("desk.channels.today-of", numbers.whole(health.sentToday()), numbers.whole(limit)),
                limit != null && health.sentToday() >= limit));
        var since = health.waitingSince();
        facts.add(new Fact(
                say.it("desk.channels.waiting"),
                since == null
                        ? say.it("desk.channels.waiting-none")
                        : say.it("desk.channels.waiting-since", numbers.whole(health.waiting()), dates.near(since)),
                false));
        if (health.held() > 0) {
            facts.add(new Fact(
                    say.it("desk.channels.held-short"),
                    say.it("desk.channels.messages", health.held(), numbers.whole(health.held())),
                    true));
        }
        if (health.failedDeliveries() > 0) {
            facts.add(new Fact(
                    say.it("desk.channels.failed-short"),
                    say.it(
                            "desk.channels.messages",
                            health.failedDeliveries(),
                            numbers.whole(health.failedDeliveries())),
                    true));
        }
        if (account.network() != Network.WEB && health.perMinute() > 0) {
            facts.add(new Fact(
                    say.it("desk.channels.pace"),
                    say.it("desk.channels.pace-most", numbers.whole(health.perMinute())),
                    false));
        }
        return facts;
    }

    private String when(@Nullable Instant at) {
        return at == null ? say.it("desk.channels.none-this-week") : dates.near(at);
    }

    private HeldLine held(Map<AccountId, String> names, Outbox.Held each, Map<OutgoingId, ConversationId> written) {
        var conversation = written.get(each.status().id());
        var status = each.status();
        var state = status.state().name().toLowerCase(Locale.ROOT);
        var mark = switch (status.state()) {
            case REFUSED -> new StateMark("late", "warning", say.it("desk.channels.held." + state));
            case UNKNOWN -> new StateMark("waiting", "question", say.it("desk.channels.held." + state));
            case RETRY, QUEUED, SENDING, SENT ->
                new StateMark("quiet", "clock", say.it("desk.channels.held.retry", status.attempts()));
        };
        var next = each.nextAttemptAt();
        return new HeldLine(
                status.id().toString(),
                dates.near(each.since()),
                names.getOrDefault(status.account(), ""),
                mark,
                failures.words(status.code()),
                next == null
                        ? say.it("desk.channels.held." + state + "-advice")
                        : say.it("desk.channels.held.retry-advice", dates.near(next)),
                state,
                conversation == null ? null : "/desk/percakapan/" + conversation);
    }

    private ReasonLine reason(Intake.FailureReason each) {
        return new ReasonLine(
                each.code(),
                failures.words(each.code()),
                numbers.whole(each.count()),
                each.count(),
                dates.near(each.newest()));
    }

    // -- accounts

    @PostMapping(PATH + "/{id}/jeda")
    ModelAndView pause(Actor actor, @PathVariable String id, RedirectAttributes after) {
        return change(actor, id, Account.State.PAUSED, "desk.channels.done.paused", after);
    }

    @PostMapping(PATH + "/{id}/lanjut")
    ModelAndView resume(Actor actor, @PathVariable String id, RedirectAttributes after) {
        return change(actor, id, Account.State.ACTIVE, "desk.channels.done.resumed", after);
    }

    private ModelAndView change(Actor actor, String id, Account.State state, String done, RedirectAttributes after) {
        Access.administers(actor);
        var account = account(actor, id);
        if (account.state() != state) {
            accounts.change(
                    actor,
                    new Account(
                            account.id(),
                            account.network(),
                            account.handle(),
                            account.name(),
                            account.summary(),
                            state));
        }
        after.addFlashAttribute("done", say.it(done, called(account)));
        return back();
    }

    private Account account(Actor actor, String id) {
        return accounts.find(actor, Access.parsed(id, AccountId::parse))
                .orElseThrow(() -> Refusal.notFound().asException());
    }

    /** @param perDay empty for no limit */
    @PostMapping(PATH + "/{id}/batas")
    ModelAndView limit(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String perDay,
            RedirectAttributes after) {
        Access.administers(actor);
        var account = account(actor, id);
        var wanted = perDay.strip();
        try {
            if (!wanted.isEmpty() && !wanted.matches("[0-9]{1,7}")) {
                throw Refusal.invalid("desk.channels.limit-not-a-number").asException();
            }
            accounts.limit(actor, account.id(), wanted.isEmpty() ? null : Integer.valueOf(wanted));
        } catch (RefusalException e) {
            if (e.refusal().kind() != Refusal.Kind.INVALID) {
                throw e;
            }
            var errors = FormErrors.none()
                    .add(
                            "limit-" + id,
                            e.refusal().code(),
                            e.refusal().arguments().toArray());
            var page = page(actor, errors, id, wanted);
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            return page;
        }
        after.addFlashAttribute(
                "done",
                wanted.isEmpty()
                        ? say.it("desk.channels.done.unlimited", called(account))
                        : say.it("desk.channels.done.limited", called(account), wanted));
        return back();
    }

    // -- outgoing

    /** @param remedy {@code ulang} to try again, {@code terkirim} when it did arrive, {@code berhenti} to give up */
    @PostMapping(PATH + "/keluar/{id}/{remedy}")
    ModelAndView settle(Actor actor, @PathVariable String id, @PathVariable String remedy, RedirectAttributes after) {
        Access.settles(actor);
        var outgoing = Access.parsed(id, OutgoingId::parse);
        if (!outbox.statuses(actor, List.of(outgoing)).containsKey(outgoing)) {
            throw Refusal.notFound().asException();
        }
        switch (remedy) {
            case "ulang" -> outbox.settle(actor, outgoing, false);
            case "terkirim" -> outbox.settle(actor, outgoing, true);
            case "berhenti" -> outbox.giveUp(actor, outgoing);
            default -> throw Refusal.notFound().asException();
        }
        after.addFlashAttribute("done", say.it("desk.channels.done." + remedy));
        return back();
    }

    // -- deliveries

    @GetMapping(PATH + "/kiriman")
    ModelAndView deliveries(Actor actor, @RequestParam(required = false) @Nullable String sesudah) {
        Access.oversees(actor);
        var found = intake.failed(actor, sesudah, STEP);
        var names = names(actor);
        var next = found.next();
        return new ModelAndView("desk/deliveries")
                .addObject(
                        "page",
                        new DeliveriesPage(
                                found.items().stream().map(line(names)).toList(),
                                next == null ? null : PATH + "/kiriman?sesudah=" + next,
                                sesudah == null));
    }

    private Map<AccountId, String> names(Actor actor) {
        return accounts.all(actor).stream().collect(Collectors.toMap(Account::id, ChannelsController::called));
    }

    private Function<FailedDelivery, DeliveryLine> line(Map<AccountId, String> names) {
        return each -> new DeliveryLine(
                each.id().toString(),
                PATH + "/kiriman/" + each.id(),
                dates.near(each.receivedAt()),
                names.getOrDefault(each.account(), ""),
                failures.words(each.code()),
                numbers.whole(each.attempts()));
    }

    /** @param sebab a code, or empty for everything that failed */
    @PostMapping(PATH + "/kiriman/ulang")
    ModelAndView replayAll(
            Actor actor, @RequestParam(required = false) @Nullable String sebab, RedirectAttributes after) {
        Access.administers(actor);
        var count = intake.replayFailed(actor, sebab);
        after.addFlashAttribute("done", say.it("desk.channels.done.replayed", count, numbers.whole(count)));
        return back();
    }

    @PostMapping(PATH + "/kiriman/{id}/ulang")
    ModelAndView replay(Actor actor, @PathVariable String id, RedirectAttributes after) {
        Access.administers(actor);
        var delivery = intake.failed(actor, Access.parsed(id, DeliveryId::parse));
        intake.replay(actor, List.of(delivery.id()));
        after.addFlashAttribute("done", say.it("desk.channels.done.replayed", 1, numbers.whole(1)));
        return back();
    }

    @GetMapping(PATH + "/kiriman/{id}")
    ModelAndView delivery(Actor actor, @PathVariable String id) {
        Access.oversees(actor);
        return delivery(actor, Access.parsed(id, DeliveryId::parse), FormErrors.none());
    }

    private ModelAndView delivery(Actor actor, DeliveryId id, FormErrors errors) {
        var failed = intake.failed(actor, id);
        var content = intake.content(actor, id).orElse(null);
        var body = content == null ? null : text(content.body());
        var cut = body != null && body.length() > SHOWN_CHARACTERS;
        return new ModelAndView("desk/delivery")
                .addObject(
                        "page",
                        new DeliveryPage(
                                line(names(actor)).apply(failed),
                                say.it("desk.network." + failed.network().code()),
                                content == null
                                        ? ""
                                        : new TreeMap<>(content.headers())
                                                .entrySet().stream()
                                                        .map(each -> each.getKey() + ": " + each.getValue())
                                                        .collect(Collectors.joining("\n")),
                                cut ? Objects.requireNonNull(body).substring(0, SHOWN_CHARACTERS) : body,
                                cut,
                                errors));
    }

    /** What is no text is said to be none, and how large it is. */
    private String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            return say.it("desk.delivery.no-text", numbers.bytes(body.length));
        }
    }

    @PostMapping(PATH + "/kiriman/{id}/alasan")
    ModelAndView reason(Actor actor, @PathVariable String id, @RequestParam(defaultValue = "") String reason) {
        Access.oversees(actor);
        var delivery =
                intake.failed(actor, Access.parsed(id, DeliveryId::parse)).id();
        if (reason.strip().length() < Readings.SHORTEST_REASON) {
            var page = delivery(actor, delivery, FormErrors.none().add("reason", "desk.reason.too-short"));
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            return page;
        }
        readings.stateReason(actor, new Subject("delivery", delivery.value()), reason);
        return new ModelAndView("redirect:" + PATH + "/kiriman/" + delivery);
    }

    private static ModelAndView back() {
        return new ModelAndView("redirect:" + PATH);
    }
}
