// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.MailAccount;
import id.kentongan.channel.MailAccount.Security;
import id.kentongan.channel.MailAccount.Server;
import id.kentongan.channel.MailAccounts;
import id.kentongan.channel.Network;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.FormErrors;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Mailboxes as accounts: how each is reached, and whether it works both ways. */
@Controller
class MailAccountsController {
    private static final String PATH = "/desk/atur/kanal";

    private final Accounts accounts;
    private final MailAccounts mail;
    private final Failures failures;
    private final Say say;

    MailAccountsController(Accounts accounts, MailAccounts mail, Failures failures, Say say) {
        this.accounts = accounts;
        this.mail = mail;
        this.failures = failures;
        this.say = say;
    }

    /** As it was typed; passwords are never shown again. */
    record MailForm(
            @Nullable String address,
            @Nullable String displayName,
            @Nullable String inHost,
            @Nullable String inPort,
            @Nullable String inSecurity,
            @Nullable String inUser,
            @Nullable String inPassword,
            @Nullable String outHost,
            @Nullable String outPort,
            @Nullable String outSecurity,
            @Nullable String outUser,
            @Nullable String outPassword,
            @Nullable String findings) {
        static final MailForm EMPTY = new MailForm("", "", "", "993", "TLS", "", "", "", "587", "STARTTLS", "", "", "");

        static MailForm of(MailAccount known) {
            var in = known.incoming();
            var out = known.outgoing();
            return new MailForm(
                    known.address(),
                    "",
                    in.host(),
                    "" + in.port(),
                    in.security().name(),
                    in.user(),
                    "",
                    out.host(),
                    "" + out.port(),
                    out.security().name(),
                    out.user(),
                    "",
                    known.findings());
        }

        MailAccount mailbox() {
            return new MailAccount(
                    plain(address),
                    new Server(
                            plain(inHost),
                            port(inPort),
                            security(inSecurity),
                            plain(inUser),
                            inPassword == null ? "" : inPassword),
                    new Server(
                            plain(outHost),
                            port(outPort),
                            security(outSecurity),
                            plain(outUser),
                            outPassword == null ? "" : outPassword),
                    plain(findings));
        }

        private static String plain(@Nullable String typed) {
            return typed == null ? "" : typed.strip();
        }

        private static int port(@Nullable String typed) {
            var digits = plain(typed);
            return digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
        }

        private static Security security(@Nullable String typed) {
            return Arrays.stream(Security.values())
                    .filter(each -> each.name().equals(typed))
                    .findFirst()
                    .orElse(Security.TLS);
        }
    }

    /** @param fresh whether the mailbox is yet to be added @param steps what a trial found, or empty */
    record MailPage(
            String name,
            String action,
            boolean fresh,
            MailForm form,
            List<Choice> securities,
            List<StepLine> steps,
            @Nullable String trial,
            FormErrors errors) {}

    record StepLine(StateMark state, String way, String words) {}

    @GetMapping(PATH + "/surel/tambah")
    ModelAndView add(Actor actor) {
        Access.administers(actor);
        return page(MailForm.EMPTY, FormErrors.none());
    }

    @PostMapping(PATH + "/surel/tambah")
    ModelAndView add(Actor actor, @ModelAttribute MailForm form, RedirectAttributes after) {
        Access.administers(actor);
        try {
            var name = form.displayName() == null ? "" : form.displayName().strip();
            var added = mail.add(actor, name, "", form.mailbox());
            return done(after, "desk.mail.done.added", added.handle());
        } catch (RefusalException e) {
            return wrong(page(form, errors(e)));
        }
    }

    @GetMapping(PATH + "/{id}/surel")
    ModelAndView change(Actor actor, @PathVariable String id) {
        Access.administers(actor);
        var account = Access.parsed(id, AccountId::parse);
        if (isAnother(actor, account)) {
            return back();
        }
        return page(account, MailForm.of(mail.of(actor, account)), List.of(), FormErrors.none());
    }

    @PostMapping(PATH + "/{id}/surel")
    ModelAndView change(Actor actor, @PathVariable String id, @ModelAttribute MailForm form, RedirectAttributes after) {
        Access.administers(actor);
        var account = Access.parsed(id, AccountId::parse);
        if (isAnother(actor, account)) {
            return back();
        }
        var known = mail.of(actor, account);
        try {
            mail.change(actor, account, form.mailbox());
            return done(after, "desk.mail.done.changed", known.address());
        } catch (RefusalException e) {
            return wrong(page(account, form, List.of(), errors(e)));
        }
    }

    /** The answer is the page: what was found is told once, to whoever asked. */
    @PostMapping(PATH + "/{id}/surel/uji")
    ModelAndView tryBothWays(Actor actor, @PathVariable String id) {
        Access.administers(actor);
        var account = Access.parsed(id, AccountId::parse);
        if (isAnother(actor, account)) {
            return back();
        }
        var steps = mail.tryBothWays(actor, account);
        return page(
                account,
                MailForm.of(mail.of(actor, account)),
                steps.stream().map(this::line).toList(),
                FormErrors.none());
    }

    /** An account of another network has no mailbox to reach: its page is the list it came from. */
    private boolean isAnother(Actor actor, AccountId id) {
        return accounts.find(actor, id)
                        .orElseThrow(() -> Refusal.notFound().asException())
                        .network()
                != Network.EMAIL;
    }

    private static ModelAndView back() {
        return new ModelAndView("redirect:" + PATH);
    }

    private StepLine line(MailAccounts.Step step) {
        var way = step.way().name().toLowerCase(Locale.ROOT);
        var failure = step.failure();
        if (failure == null) {
            return new StepLine(
                    new StateMark("good", "check-circle", say.it("desk.mail.step.well")),
                    say.it("desk.mail.step." + way),
                    "");
        }
        var marked = step.way() == MailAccounts.Way.MARKED;
        return new StepLine(
                marked
                        ? new StateMark("quiet", "cross-circle", say.it("desk.mail.step.without"))
                        : new StateMark("late", "warning", say.it("desk.mail.step.not")),
                say.it("desk.mail.step." + way),
                marked ? say.it("desk.mail.step.marked-advice") : failures.words(failure));
    }

    private FormErrors errors(RefusalException e) {
        var refusal = e.refusal();
        if (refusal.kind() != Refusal.Kind.INVALID) {
            throw e;
        }
        var code = refusal.code();
        var reason = refusal.arguments().isEmpty()
                ? ""
                : String.valueOf(refusal.arguments().getFirst());
        var which = switch (code) {
            case "channel.mail-incoming" -> "in";
            case "channel.mail-outgoing" -> "out";
            default -> "";
        };
        if (!which.isEmpty()) {
            var field = switch (reason) {
                case "mail-sign-in-refused", "mail-user" -> "User";
                case "mail-port", "mail-connection-refused" -> "Port";
                case "mail-in-clear", "mail-no-tls" -> "Security";
                default -> "Host";
            };
            return FormErrors.none().add(which + field, "channel.failure." + reason);
        }
        var field = switch (code) {
            case "channel.account-display-name" -> "displayName";
            case "channel.mail-findings" -> "findings";
            default -> "address";
        };
        return FormErrors.none().add(field, code, refusal.arguments().toArray());
    }

    private ModelAndView page(MailForm form, FormErrors errors) {
        return view(new MailPage(
                say.it("desk.mail.add"), PATH + "/surel/tambah", true, form, securities(), List.of(), null, errors));
    }

    private ModelAndView page(AccountId id, MailForm form, List<StepLine> steps, FormErrors errors) {
        var path = PATH + "/" + id + "/surel";
        return view(new MailPage(
                say.it("desk.mail.change"), path, false, form, securities(), steps, path + "/uji", errors));
    }

    private List<Choice> securities() {
        return Arrays.stream(Security.values())
                .map(each -> new Choice(
                        each.name(), say.it("desk.mail.security." + each.name().toLowerCase(Locale.ROOT))))
                .toList();
    }

    private static ModelAndView view(MailPage page) {
        return new ModelAndView("desk/mail-account").addObject("page", page);
    }

    private static ModelAndView wrong(ModelAndView page) {
        page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        return page;
    }

    private ModelAndView done(RedirectAttributes after, String key, String address) {
        after.addFlashAttribute("done", say.it(key, address));
        return back();
    }
}
