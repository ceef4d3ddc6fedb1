// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenant;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.site.FormErrors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * An officer's own account: password, second factor, sessions, language. A session alone changes neither password nor
 * second factor: the password, and the code of a factor that stands, are asked for again.
 */
@Controller
@RequestMapping("/desk/akun")
class AccountController {
    private static final String ACCOUNT = "/desk/akun";

    private final DatabaseOfficers officers;
    private final DatabaseAgencies agencies;
    private final SignIns signIns;
    private final SecondFactors factors;
    private final Sessions sessions;
    private final NewSecret newSecret;
    private final ShownOnce shownOnce;
    private final ActorTransactions transactions;
    private final Trail trail;

    AccountController(
            DatabaseOfficers officers,
            DatabaseAgencies agencies,
            SignIns signIns,
            SecondFactors factors,
            Sessions sessions,
            NewSecret newSecret,
            ShownOnce shownOnce,
            ActorTransactions transactions,
            Trail trail) {
        this.officers = officers;
        this.agencies = agencies;
        this.signIns = signIns;
        this.factors = factors;
        this.sessions = sessions;
        this.newSecret = newSecret;
        this.shownOnce = shownOnce;
        this.transactions = transactions;
        this.trail = trail;
    }

    /** @param roles message keys @param codesLeft recovery codes that were not used */
    record AccountPage(
            String name,
            String mail,
            String agency,
            List<String> roles,
            FormErrors errors,
            boolean secondFactor,
            int codesLeft,
            List<Sessions.Open> sessions) {}

    /** @param replaces whether a second factor stands, whose code is asked for @param secret in letters */
    record FactorPage(boolean replaces, String secret, FormErrors errors) {}

    /** @param left codes that were not used */
    record RenewPage(int left, FormErrors errors) {}

    @GetMapping
    String account(Actor actor, Tenant tenant, HttpServletRequest request, Model model) {
        return page(actor, tenant, FormErrors.none(), request, model);
    }

    @PostMapping("/kata-sandi")
    String password(
            Actor actor,
            Tenant tenant,
            @RequestParam(defaultValue = "") String current,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "") String again,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes after,
            Model model) {
        var errors = FormErrors.none();
        PasswordRules.check(errors, "password", password, again);
        try {
            if (!errors.any()) {
                if (signIns.changePassword(
                        tenant.id(), actor.officer(), current, password, Sessions.current(request))) {
                    return done(after, "identity.account.password-changed");
                }
                errors.add("current", "identity.wrong-password");
            }
            response.setStatus(422);
        } catch (RefusalException e) {
            errors = limited(e, "current", response);
        }
        return page(actor, tenant, errors, request, model);
    }

    @GetMapping("/faktor-kedua")
    String factor(Actor actor, Tenant tenant, HttpServletRequest request, HttpServletResponse response, Model model) {
        return factorPage(actor, tenant, FormErrors.none(), request, response, model);
    }

    @GetMapping("/faktor-kedua.png")
    ResponseEntity<byte[]> picture(Actor actor, Tenant tenant, HttpServletRequest request) {
        return SecondFactorPicture.of(tenant, newSecret.shown(request, tenant));
    }

    @PostMapping("/faktor-kedua")
    String replace(
            Actor actor,
            Tenant tenant,
            @RequestParam(defaultValue = "") String current,
            @RequestParam(defaultValue = "") String old,
            @RequestParam(defaultValue = "") String code,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes after,
            Model model) {
        var sealed = newSecret.sealed(request, tenant);
        if (sealed.isEmpty()) {
            return "redirect:" + ACCOUNT + "/faktor-kedua";
        }
        var officer = actor.officer();
        FormErrors errors;
        try {
            errors = proven(tenant, officer, current, old);
            if (!errors.any()) {
                var session = Sessions.current(request);
                var codes = factors.enrolled(tenant.id(), officer)
                        ? factors.replace(tenant.id(), officer, sealed.get(), code, session)
                        : factors.enrol(tenant.id(), officer, sealed.get(), code, session);
                if (codes.isPresent()) {
                    newSecret.forget(request);
                    return codes(request, tenant, officer, codes.get());
                }
                errors.add("code", "identity.wrong-code");
            }
            response.setStatus(422);
        } catch (RefusalException e) {
            errors = limited(e, "current", response);
        }
        return factorPage(actor, tenant, errors, request, response, model);
    }

    @GetMapping("/kode-pemulihan")
    String codes(Actor actor, Tenant tenant, HttpServletRequest request, HttpServletResponse response, Model model) {
        var made = shownOnce.take(request, tenant, actor.id());
        if (made.isPresent()) {
            response.setHeader("Cache-Control", "no-store");
            model.addAttribute("codes", List.of(made.get().split(" ")));
            return "identity/account-codes";
        }
        return renewPage(actor, tenant, FormErrors.none(), model);
    }

    @PostMapping("/kode-pemulihan")
    String renew(
            Actor actor,
            Tenant tenant,
            @RequestParam(defaultValue = "") String current,
            @RequestParam(defaultValue = "") String old,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        var officer = actor.officer();
        FormErrors errors;
        try {
            if (!factors.enrolled(tenant.id(), officer)) {
                throw Refusal.notFound().asException();
            }
            errors = proven(tenant, officer, current, old);
            if (!errors.any()) {
                var made = factors.renewRecoveryCodes(SecondFactors.system(tenant.id()), officer);
                return codes(request, tenant, officer, made);
            }
            response.setStatus(422);
        } catch (RefusalException e) {
            errors = limited(e, "current", response);
        }
        return renewPage(actor, tenant, errors, model);
    }

    @PostMapping("/sesi/{handle}/akhiri")
    String end(Actor actor, @PathVariable String handle, RedirectAttributes after) {
        var officer = actor.officer();
        ended(actor, () -> {
            if (!sessions.end(officer, handle)) {
                throw Refusal.notFound().asException();
            }
        });
        return done(after, "identity.account.session-ended");
    }

    @PostMapping("/sesi/akhiri-lainnya")
    String endOthers(Actor actor, HttpServletRequest request, RedirectAttributes after) {
        ended(actor, () -> sessions.endOthers(actor.officer(), Sessions.current(request)));
        return done(after, "identity.account.sessions-ended");
    }

    private void ended(Actor actor, Runnable ending) {
        // As the machine: an auditor, who changes nothing else, still looks after the own account.
        transactions.run(SecondFactors.system(actor.tenant()), () -> {
            ending.run();
            trail.record(actor, TrailEntry.of("identity.sessions-ended", "officer", actor.id()));
        });
    }

    /** Whether whoever sits there knows the password and, where a second factor stands, a code of it. */
    private FormErrors proven(Tenant tenant, OfficerId officer, String password, String code) {
        var errors = FormErrors.none();
        if (!signIns.holds(tenant.id(), officer, password)) {
            errors.add("current", "identity.wrong-password");
        } else if (factors.enrolled(tenant.id(), officer) && !factors.accepts(tenant.id(), officer, code)) {
            errors.add("old", "identity.wrong-code");
        }
        return errors;
    }

    private String codes(HttpServletRequest request, Tenant tenant, OfficerId officer, List<String> codes) {
        shownOnce.keep(request, tenant, officer.value(), String.join(" ", codes));
        return "redirect:" + ACCOUNT + "/kode-pemulihan";
    }

    private static String done(RedirectAttributes after, String key) {
        after.addFlashAttribute("done", key);
        return "redirect:" + ACCOUNT;
    }

    private static FormErrors limited(RefusalException e, String field, HttpServletResponse response) {
        if (e.refusal().kind() != Refusal.Kind.LIMITED) {
            throw e;
        }
        response.setStatus(429);
        return FormErrors.none()
                .add(field, e.refusal().code(), e.refusal().arguments().toArray());
    }

    private String factorPage(
            Actor actor,
            Tenant tenant,
            FormErrors errors,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        response.setHeader("Cache-Control", "no-store");
        model.addAttribute(
                "page",
                new FactorPage(
                        factors.enrolled(tenant.id(), actor.officer()), newSecret.shown(request, tenant), errors));
        return "identity/account-factor";
    }

    private String renewPage(Actor actor, Tenant tenant, FormErrors errors, Model model) {
        if (!factors.enrolled(tenant.id(), actor.officer())) {
            throw Refusal.notFound().asException();
        }
        model.addAttribute("page", new RenewPage(factors.recoveryCodesLeft(tenant.id(), actor.officer()), errors));
        return "identity/account-renew";
    }

    private String page(Actor actor, Tenant tenant, FormErrors errors, HttpServletRequest request, Model model) {
        var officer = officers.find(actor, actor.officer())
                .orElseThrow(() -> Refusal.notFound().asException());
        var secondFactor = factors.enrolled(tenant.id(), officer.id());
        model.addAttribute(
                "page",
                new AccountPage(
                        officer.name(),
                        officers.mail(actor, officer.id()).orElse(""),
                        new AgencyTree(agencies.everyOne(actor)).label(officer.agency()),
                        Arrays.stream(Role.values())
                                .filter(officer.roles()::contains)
                                .map(OfficersController::key)
                                .toList(),
                        errors,
                        secondFactor,
                        secondFactor ? factors.recoveryCodesLeft(tenant.id(), officer.id()) : 0,
                        sessions.of(tenant.id(), officer.id(), Sessions.current(request))));
        return "identity/account";
    }
}
