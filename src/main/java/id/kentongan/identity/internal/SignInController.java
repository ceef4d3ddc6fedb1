// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.identity.Tenant;
import id.kentongan.kernel.Networks;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.site.FormErrors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.XorCsrfTokenRequestAttributeHandler;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Sign-in in two steps, enrolment of the first second factor, and invitations. */
@Controller
class SignInController {
    /** Where a form is led whose sender's session has ended. */
    static final String AGAIN = "/sign-in/again";

    private static final Duration BETWEEN_THE_STEPS = Duration.ofMinutes(10);
    private static final int LONGEST_NAME = 100;

    private final SignIns signIns;
    private final SecondFactors factors;
    private final NewSecret newSecret;
    private final OneTimeLinks invitations;
    private final HttpSessionSecurityContextRepository contexts;
    private final KnownBrowsers browsers;
    private final Devices devices;
    private final CsrfTokenRepository tokens;
    private final Clock clock;

    SignInController(
            SignIns signIns,
            SecondFactors factors,
            NewSecret newSecret,
            OneTimeLinks invitations,
            HttpSessionSecurityContextRepository contexts,
            KnownBrowsers browsers,
            Devices devices,
            CsrfTokenRepository tokens,
            Clock clock) {
        this.signIns = signIns;
        this.factors = factors;
        this.newSecret = newSecret;
        this.invitations = invitations;
        this.contexts = contexts;
        this.browsers = browsers;
        this.devices = devices;
        this.tokens = tokens;
        this.clock = clock;
    }

    @GetMapping("/sign-in")
    String form(Tenant tenant, @RequestParam(defaultValue = "") String to, Model model) {
        return show(model, FormErrors.none(), "", to, KeptWords.none());
    }

    /** Forwarded to. Asked for directly, there is nothing to keep. */
    @PostMapping(AGAIN)
    String again(Tenant tenant, HttpServletRequest request, HttpServletResponse response, Model model) {
        var kept = KeptWords.sent(request);
        if (!kept.any() || !isOurs(kept.to())) {
            return "redirect:/sign-in";
        }
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        return show(model, FormErrors.none(), "", kept.to(), kept);
    }

    @PostMapping("/sign-in")
    String password(
            Tenant tenant,
            @RequestParam(defaultValue = "") String mail,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "") String to,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        Optional<SignIns.Known> known;
        var kept = KeptWords.carried(to, request);
        try {
            known = signIns.password(
                    tenant, mail, password, Networks.of(request.getRemoteAddr()), browsers.of(tenant, mail, request));
        } catch (RefusalException e) {
            return show(model, refused(e, "mail", response), mail, to, kept);
        }
        if (known.isEmpty()) {
            response.setStatus(422);
            return show(model, FormErrors.none().add("mail", "identity.wrong-sign-in"), mail, to, kept);
        }
        return next(tenant, known.get(), to, kept, request, response, model);
    }

    /** After a right password: the code, the enrolment of one, or at a demonstration the desk. */
    private String next(
            Tenant tenant,
            SignIns.Known known,
            String to,
            KeptWords kept,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        var officer = known.officer();
        if (!known.secondFactor() && tenant.demonstration()) {
            return on(finish(tenant, officer, false, to, request, response), kept, request, response, model);
        }
        newSecret.forget(request);
        between(tenant, officer, known.password(), request);
        if (known.secondFactor() && kept.any()) {
            // Not by a redirect, which carries no words.
            return showCode(model, FormErrors.none(), to, kept);
        }
        return known.secondFactor()
                ? "redirect:/sign-in/code?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8)
                : "redirect:/sign-in/second-factor";
    }

    @GetMapping("/sign-in/code")
    String codeForm(
            Tenant tenant, @RequestParam(defaultValue = "") String to, HttpServletRequest request, Model model) {
        if (pending(request, tenant).isEmpty()) {
            return "redirect:/sign-in";
        }
        return showCode(model, FormErrors.none(), to, KeptWords.none());
    }

    @PostMapping("/sign-in/code")
    String code(
            Tenant tenant,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(defaultValue = "") String to,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        var officer = pending(request, tenant);
        if (officer.isEmpty()) {
            return "redirect:/sign-in";
        }
        var kept = KeptWords.carried(to, request);
        try {
            if (factors.accepts(tenant.id(), officer.get(), code)) {
                return on(finish(tenant, officer.get(), true, to, request, response), kept, request, response, model);
            }
            response.setStatus(422);
            return showCode(model, FormErrors.none().add("code", "identity.wrong-code"), to, kept);
        } catch (RefusalException e) {
            return showCode(model, refused(e, "code", response), to, kept);
        }
    }

    private static String showCode(Model model, FormErrors errors, String to, KeptWords kept) {
        model.addAttribute("errors", errors).addAttribute("to", to).addAttribute("kept", kept);
        return "identity/code";
    }

    /** Signed in, what was sent before is sent by a button; nothing of it happens by itself. */
    private String on(
            String next, KeptWords kept, HttpServletRequest request, HttpServletResponse response, Model model) {
        if (!kept.any() || !isOurs(kept.to())) {
            return next;
        }
        var token = tokens.generateToken(request);
        tokens.saveToken(token, request, response);
        new XorCsrfTokenRequestAttributeHandler().handle(request, response, () -> token);
        model.addAttribute("kept", kept);
        return "identity/continue";
    }

    @GetMapping("/sign-in/second-factor")
    String secondFactor(Tenant tenant, HttpServletRequest request, Model model) {
        if (enrolling(request, tenant).isEmpty()) {
            return "redirect:/sign-in";
        }
        model.addAttribute("secret", newSecret.shown(request, tenant)).addAttribute("errors", FormErrors.none());
        return "identity/second-factor";
    }

    @GetMapping("/sign-in/second-factor.png")
    ResponseEntity<byte[]> picture(Tenant tenant, HttpServletRequest request) {
        enrolling(request, tenant).orElseThrow(() -> Refusal.notFound().asException());
        return SecondFactorPicture.of(tenant, newSecret.shown(request, tenant));
    }

    @PostMapping("/sign-in/second-factor")
    String enrol(
            Tenant tenant,
            @RequestParam(defaultValue = "") String code,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        var officer = enrolling(request, tenant);
        var sealed = newSecret.sealed(request, tenant);
        if (officer.isEmpty() || sealed.isEmpty()) {
            return "redirect:/sign-in";
        }
        var codes = factors.enrol(tenant.id(), officer.get(), sealed.get(), code, Sessions.current(request));
        if (codes.isEmpty()) {
            response.setStatus(422);
            model.addAttribute("secret", newSecret.shown(request, tenant))
                    .addAttribute("errors", FormErrors.none().add("code", "identity.wrong-code"));
            return "identity/second-factor";
        }
        newSecret.forget(request);
        finish(tenant, officer.get(), true, "", request, response);
        model.addAttribute("codes", codes.get());
        return "identity/recovery-codes";
    }

    @GetMapping("/invitation/{token}")
    String invitation(Tenant tenant, @PathVariable String token, HttpServletResponse response, Model model) {
        var name = invitations
                .nameOf(tenant.id(), token)
                .orElseThrow(() -> Refusal.notFound().asException());
        return showInvitation(model, response, token, name, FormErrors.none());
    }

    @PostMapping("/invitation/{token}")
    String accept(
            Tenant tenant,
            @PathVariable String token,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "") String again,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        // A link that does not hold costs nobody the hashing of a password.
        invitations
                .nameOf(tenant.id(), token)
                .orElseThrow(() -> Refusal.notFound().asException());
        var errors = FormErrors.none();
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            errors.add("name", "identity.name-needed", LONGEST_NAME);
        }
        PasswordRules.check(errors, "password", password, again);
        if (errors.any()) {
            response.setStatus(422);
            return showInvitation(model, response, token, name, errors);
        }
        var officer = invitations
                .accept(tenant.id(), token, name.strip(), password)
                .orElseThrow(() -> Refusal.notFound().asException());
        newSecret.forget(request);
        between(tenant, officer, signIns.standing(tenant.id(), officer).orElse(null), request);
        return factors.enrolled(tenant.id(), officer) ? "redirect:/sign-in/code" : "redirect:/sign-in/second-factor";
    }

    private Optional<OfficerId> pending(HttpServletRequest request, Tenant tenant) {
        return Pending.of(request, tenant, clock.instant())
                .filter(half -> signIns.standing(tenant.id(), half.who())
                        .filter(stands -> stands.equals(half.password()))
                        .isPresent())
                .map(Pending::who);
    }

    private void between(Tenant tenant, OfficerId officer, @Nullable String password, HttpServletRequest request) {
        new Pending(tenant.id().value(), officer.value(), clock.instant().plus(BETWEEN_THE_STEPS), password)
                .keep(request);
    }

    /** Who stands between password and first second factor; nobody who has one already. */
    private Optional<OfficerId> enrolling(HttpServletRequest request, Tenant tenant) {
        return pending(request, tenant).filter(officer -> !factors.enrolled(tenant.id(), officer));
    }

    private String finish(
            Tenant tenant,
            OfficerId officer,
            boolean secondFactor,
            String to,
            HttpServletRequest request,
            HttpServletResponse response) {
        signIns.signedIn(tenant.id(), officer);
        browsers.remember(tenant, officer, request, response);
        request.getSession(true);
        request.changeSessionId();
        Pending.forget(request);
        // A token that stood in this browser before is worth nothing afterwards.
        tokens.saveToken(null, request, response);
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                new SignedIn(tenant.id().value(), officer.value(), clock.instant(), secondFactor), null, List.of()));
        SecurityContextHolder.setContext(context);
        contexts.saveContext(context, request, response);
        devices.remember(request, tenant);
        return "redirect:" + (isOurs(to) ? to : "/desk");
    }

    /** Only paths of the desk: a link must not lead an officer elsewhere after signing in. */
    private static boolean isOurs(String to) {
        return to.matches("/desk(/[A-Za-z0-9_-]+)*/?(\\?[A-Za-z0-9=&._-]*)?");
    }

    private static FormErrors refused(RefusalException e, String field, HttpServletResponse response) {
        response.setStatus(429);
        return FormErrors.none()
                .add(field, e.refusal().code(), e.refusal().arguments().toArray());
    }

    private static String show(Model model, FormErrors errors, String mail, String to, KeptWords kept) {
        model.addAttribute("errors", errors)
                .addAttribute("mail", mail)
                .addAttribute("to", to)
                .addAttribute("kept", kept);
        return "identity/sign-in";
    }

    private static String showInvitation(
            Model model, HttpServletResponse response, String token, String name, FormErrors errors) {
        // The address is a secret: no other site learns it by a link.
        response.setHeader("Referrer-Policy", "no-referrer");
        model.addAttribute("token", token).addAttribute("name", name).addAttribute("errors", errors);
        return "identity/invitation";
    }
}
