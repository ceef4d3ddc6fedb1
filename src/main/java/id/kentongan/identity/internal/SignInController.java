// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.WriterException;
import com.google.zxing.qrcode.QRCodeWriter;
import id.kentongan.identity.Tenant;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.TenantId;
import id.kentongan.site.FormErrors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Sign-in in two steps, enrolment of the second factor, and invitations. */
@Controller
class SignInController {
    private static final String PENDING = "identity.pending";
    private static final String SECRET = "identity.totp-secret";
    private static final int SHORTEST_PASSWORD = 12;

    private final SignIns signIns;
    private final HttpSessionSecurityContextRepository contexts;

    SignInController(SignIns signIns, HttpSessionSecurityContextRepository contexts) {
        this.signIns = signIns;
        this.contexts = contexts;
    }

    @GetMapping("/sign-in")
    String form(Tenant tenant, @RequestParam(defaultValue = "") String to, Model model) {
        return show(model, FormErrors.none(), "", to);
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
        try {
            var known = signIns.password(tenant, mail, password, request.getRemoteAddr());
            if (known.isEmpty()) {
                response.setStatus(422);
                return show(model, FormErrors.none().add("mail", "identity.wrong-sign-in"), mail, to);
            }
            var session = request.getSession(true);
            request.changeSessionId();
            session.setAttribute(
                    PENDING,
                    new SignedIn(tenant.id().value(), known.get().officer().value()));
            var next = URLEncoder.encode(to, StandardCharsets.UTF_8);
            if (known.get().secondFactor()) {
                return "redirect:/sign-in/code?to=" + next;
            }
            if (tenant.demonstration()) {
                return finish(tenant.id(), known.get().officer(), to, request, response);
            }
            return "redirect:/sign-in/second-factor";
        } catch (RefusalException e) {
            response.setStatus(429);
            return show(
                    model,
                    FormErrors.none()
                            .add(
                                    "mail",
                                    e.refusal().code(),
                                    e.refusal().arguments().toArray()),
                    mail,
                    to);
        }
    }

    @GetMapping("/sign-in/code")
    String codeForm(
            Tenant tenant, @RequestParam(defaultValue = "") String to, HttpServletRequest request, Model model) {
        if (pending(request, tenant) == null) {
            return "redirect:/sign-in";
        }
        model.addAttribute("errors", FormErrors.none()).addAttribute("to", to);
        return "identity/code";
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
        if (officer == null) {
            return "redirect:/sign-in";
        }
        try {
            if (signIns.code(tenant.id(), officer, code)) {
                return finish(tenant.id(), officer, to, request, response);
            }
            response.setStatus(422);
            model.addAttribute("errors", FormErrors.none().add("code", "identity.wrong-code"));
        } catch (RefusalException e) {
            response.setStatus(429);
            model.addAttribute(
                    "errors",
                    FormErrors.none()
                            .add(
                                    "code",
                                    e.refusal().code(),
                                    e.refusal().arguments().toArray()));
        }
        model.addAttribute("to", to);
        return "identity/code";
    }

    @GetMapping("/sign-in/second-factor")
    String secondFactor(Tenant tenant, HttpServletRequest request, Model model) {
        if (pending(request, tenant) == null) {
            return "redirect:/sign-in";
        }
        var session = request.getSession(true);
        if (session.getAttribute(SECRET) == null) {
            session.setAttribute(SECRET, SignIns.newSecret());
        }
        model.addAttribute("secret", session.getAttribute(SECRET)).addAttribute("errors", FormErrors.none());
        return "identity/second-factor";
    }

    @GetMapping("/sign-in/second-factor.png")
    ResponseEntity<byte[]> picture(Tenant tenant, HttpServletRequest request) throws IOException, WriterException {
        var session = request.getSession(false);
        if (session == null || !(session.getAttribute(SECRET) instanceof String secret)) {
            throw Refusal.notFound().asException();
        }
        var address = "otpauth://totp/" + URLEncoder.encode("Kentongan " + tenant.shortName(), StandardCharsets.UTF_8)
                + "?secret=" + secret + "&issuer=Kentongan";
        var matrix = new QRCodeWriter().encode(address, BarcodeFormat.QR_CODE, 240, 240);
        var image = new BufferedImage(240, 240, BufferedImage.TYPE_BYTE_BINARY);
        for (var y = 0; y < 240; y++) {
            for (var x = 0; x < 240; x++) {
                image.setRGB(x, y, matrix.get(x, y) ? 0x000000 : 0xFFFFFF);
            }
        }
        var out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return ResponseEntity.ok()
                .contentType(MediaType.IMAGE_PNG)
                .header("Cache-Control", "no-store")
                .body(out.toByteArray());
    }

    @PostMapping("/sign-in/second-factor")
    String enrol(
            Tenant tenant,
            @RequestParam(defaultValue = "") String code,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        var officer = pending(request, tenant);
        var session = request.getSession(false);
        if (officer == null || session == null || !(session.getAttribute(SECRET) instanceof String secret)) {
            return "redirect:/sign-in";
        }
        var codes = signIns.enrol(tenant.id(), officer, secret, code);
        if (codes.isEmpty()) {
            response.setStatus(422);
            model.addAttribute("secret", secret)
                    .addAttribute("errors", FormErrors.none().add("code", "identity.wrong-code"));
            return "identity/second-factor";
        }
        session.removeAttribute(SECRET);
        finish(tenant.id(), officer, "", request, response);
        model.addAttribute("codes", codes.get());
        return "identity/recovery-codes";
    }

    @GetMapping("/invitation/{token}")
    String invitation(Tenant tenant, @PathVariable String token, Model model) {
        if (!signIns.invitationHolds(tenant.id(), token)) {
            throw Refusal.notFound().asException();
        }
        model.addAttribute("token", token).addAttribute("errors", FormErrors.none());
        return "identity/invitation";
    }

    @PostMapping("/invitation/{token}")
    String accept(
            Tenant tenant,
            @PathVariable String token,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "") String again,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        var errors = FormErrors.none();
        if (password.length() < SHORTEST_PASSWORD) {
            errors.add("password", "identity.password-short", SHORTEST_PASSWORD);
        } else if (isCommon(password)) {
            errors.add("password", "identity.password-common");
        }
        if (!password.equals(again)) {
            errors.add("again", "identity.password-differs");
        }
        if (errors.any()) {
            response.setStatus(422);
            model.addAttribute("token", token).addAttribute("errors", errors);
            return "identity/invitation";
        }
        var officer = signIns.accept(tenant.id(), token, password)
                .orElseThrow(() -> Refusal.notFound().asException());
        var session = request.getSession(true);
        request.changeSessionId();
        session.setAttribute(PENDING, new SignedIn(tenant.id().value(), officer.value()));
        return "redirect:/sign-in/second-factor";
    }

    /** Long enough and still among the first an attacker tries: one character or a well-known word over and over. */
    private static boolean isCommon(String password) {
        var plain = password.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return plain.chars().distinct().count() < 5
                || List.of("password", "katasandi", "rahasia", "kentongan", "qwerty", "123456", "indonesia").stream()
                        .anyMatch(word -> plain.replace(word, "").length() < 3);
    }

    private static @Nullable OfficerId pending(HttpServletRequest request, Tenant tenant) {
        var session = request.getSession(false);
        return session != null
                        && session.getAttribute(PENDING) instanceof SignedIn signedIn
                        && signedIn.tenant().equals(tenant.id().value())
                ? new OfficerId(signedIn.officer())
                : null;
    }

    private String finish(
            TenantId tenant, OfficerId officer, String to, HttpServletRequest request, HttpServletResponse response) {
        request.changeSessionId();
        request.getSession().removeAttribute(PENDING);
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                new SignedIn(tenant.value(), officer.value()), null, List.of()));
        SecurityContextHolder.setContext(context);
        contexts.saveContext(context, request, response);
        signIns.signedIn(tenant, officer);
        return "redirect:" + (isOurs(to) ? to : "/desk");
    }

    /** Only paths of the desk: a link must not lead an officer elsewhere after signing in. */
    private static boolean isOurs(String to) {
        return to.matches("/desk(/[A-Za-z0-9/_-]*)?");
    }

    private static String show(Model model, FormErrors errors, String mail, String to) {
        model.addAttribute("errors", errors).addAttribute("mail", mail).addAttribute("to", to);
        return "identity/sign-in";
    }
}
