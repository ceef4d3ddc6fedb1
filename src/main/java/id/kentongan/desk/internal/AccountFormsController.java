// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.channel.Account;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Network;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.FormErrors;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Adding an account of the fediverse, and how an account calls and describes itself. */
@Controller
class AccountFormsController {
    private static final String PATH = "/desk/atur/kanal";

    private final Accounts accounts;
    private final Say say;

    AccountFormsController(Accounts accounts, Say say) {
        this.accounts = accounts;
        this.say = say;
    }

    /** @param handle of an account that exists, or empty: then {@code account} is asked for */
    record AccountPage(
            String name,
            String action,
            String handle,
            String account,
            String displayName,
            String summary,
            FormErrors errors) {}

    @GetMapping(PATH + "/tambah")
    ModelAndView add(Actor actor) {
        Access.administers(actor);
        return page("", "", "", FormErrors.none());
    }

    @PostMapping(PATH + "/tambah")
    ModelAndView add(
            Actor actor,
            @RequestParam(defaultValue = "") String account,
            @RequestParam(defaultValue = "") String displayName,
            @RequestParam(defaultValue = "") String summary,
            RedirectAttributes after) {
        Access.administers(actor);
        var name = account.strip().toLowerCase(Locale.ROOT);
        try {
            var added = accounts.add(actor, Network.ACTIVITYPUB, name, displayName.strip(), summary.strip());
            return done(after, "desk.channels.done.added", added.handle());
        } catch (RefusalException e) {
            return wrong(page(account, displayName, summary, errors(e)));
        }
    }

    @GetMapping(PATH + "/{id}/profil")
    ModelAndView profile(Actor actor, @PathVariable String id) {
        Access.administers(actor);
        var found = federated(actor, id);
        return page(found, found.name(), found.summary(), FormErrors.none());
    }

    @PostMapping(PATH + "/{id}/profil")
    ModelAndView profile(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String displayName,
            @RequestParam(defaultValue = "") String summary,
            RedirectAttributes after) {
        Access.administers(actor);
        var found = federated(actor, id);
        try {
            accounts.change(
                    actor,
                    new Account(
                            found.id(),
                            found.network(),
                            found.handle(),
                            displayName.strip(),
                            summary.strip(),
                            found.state()));
            return done(after, "desk.channels.done.introduced", found.handle());
        } catch (RefusalException e) {
            return wrong(page(found, displayName, summary, errors(e)));
        }
    }

    /** Only an account that others see introduces itself. */
    private Account federated(Actor actor, String id) {
        return accounts.find(actor, Access.parsed(id, AccountId::parse))
                .filter(each -> each.network() == Network.ACTIVITYPUB)
                .orElseThrow(() -> Refusal.notFound().asException());
    }

    private static FormErrors errors(RefusalException e) {
        var refusal = e.refusal();
        if (refusal.kind() != Refusal.Kind.INVALID) {
            throw e;
        }
        var field = switch (refusal.code()) {
            case "channel.account-display-name" -> "displayName";
            case "channel.account-summary" -> "summary";
            default -> "account";
        };
        return FormErrors.none().add(field, refusal.code(), refusal.arguments().toArray());
    }

    private ModelAndView page(String account, String displayName, String summary, FormErrors errors) {
        return view(new AccountPage(
                say.it("desk.account-form.add"), PATH + "/tambah", "", account, displayName, summary, errors));
    }

    private ModelAndView page(Account found, String displayName, String summary, FormErrors errors) {
        return view(new AccountPage(
                say.it("desk.account-form.change", found.handle()),
                PATH + "/" + found.id() + "/profil",
                found.handle(),
                "",
                displayName,
                summary,
                errors));
    }

    private static ModelAndView view(AccountPage page) {
        return new ModelAndView("desk/account-form").addObject("page", page);
    }

    private static ModelAndView wrong(ModelAndView page) {
        page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        return page;
    }

    private ModelAndView done(RedirectAttributes after, String key, String handle) {
        after.addFlashAttribute("done", say.it(key, handle));
        return new ModelAndView("redirect:" + PATH);
    }
}
