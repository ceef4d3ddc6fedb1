// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.identity.Invitations;
import id.kentongan.identity.Officer;
import id.kentongan.identity.Officers.NewOfficer;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.internal.Standings.Standing;
import id.kentongan.identity.internal.Standings.State;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.site.FormErrors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Who works here and as what: for administrators, absent for everybody else. */
@Controller
@RequestMapping("/desk/atur/petugas")
class OfficersController {
    private static final int SHORTEST_REASON = 10;
    private static final int LONGEST_REASON = 500;
    private static final String LIST = "/desk/atur/petugas";

    private final Standings standings;
    private final DatabaseOfficers officers;
    private final DatabaseAgencies agencies;
    private final OneTimeLinks invitations;
    private final SecondFactors factors;
    private final Sessions sessions;
    private final ShownOnce shownOnce;

    OfficersController(
            Standings standings,
            DatabaseOfficers officers,
            DatabaseAgencies agencies,
            OneTimeLinks invitations,
            SecondFactors factors,
            Sessions sessions,
            ShownOnce shownOnce) {
        this.standings = standings;
        this.officers = officers;
        this.agencies = agencies;
        this.invitations = invitations;
        this.factors = factors;
        this.sessions = sessions;
        this.shownOnce = shownOnce;
    }

    /** @param total how many there are before the filter @param states keys of the choices of the filter */
    record OfficersPage(
            List<Line> lines,
            int total,
            List<Choice> agencies,
            String agency,
            List<String> states,
            String state,
            String query,
            boolean administers) {}

    /** @param roles message keys @param state as {@link State} in lower case */
    record Line(
            String href,
            String name,
            String agency,
            List<String> roles,
            boolean circle,
            String state,
            @Nullable Instant invitedUntil,
            boolean secondFactor) {}

    /** @param form what stands in the fields @param errors of the form shown again */
    record InvitePage(OfficerForm form, FormErrors errors, List<Choice> agencies, List<RoleChoice> roles) {}

    record RoleChoice(String value, String key, boolean chosen) {}

    /**
     * @param link the one-time link, shown now and never again
     * @param linkUntil when it stops working
     * @param oneself whether the administrator looks at themselves, who is changed by another administrator
     * @param sessions places where the officer is signed in now
     * @param mail null for an auditor who has not said why they want to see it
     * @param administers whether the reader may change anything
     */
    record OfficerPage(
            String id,
            String name,
            @Nullable String mail,
            OfficerForm form,
            FormErrors errors,
            List<Choice> agencies,
            List<RoleChoice> roles,
            Line line,
            boolean oneself,
            int sessions,
            @Nullable String link,
            boolean administers) {}

    /** Nothing of this exists for anybody else, whatever the address says; an auditor reads, and says why. */
    @ModelAttribute
    void forWhom(Actor actor, HttpServletRequest request) {
        var reads =
                !request.getMethod().equals("POST") && !request.getRequestURI().endsWith("/undang");
        if (reads || request.getRequestURI().endsWith("/alasan")) {
            DatabaseOfficers.oversees(actor);
        } else {
            DatabaseOfficers.administrator(actor);
        }
    }

    @GetMapping
    String list(
            Actor actor,
            @RequestParam(defaultValue = "") String dinas,
            @RequestParam(defaultValue = "") String keadaan,
            @RequestParam(defaultValue = "") String cari,
            Model model) {
        var tree = new AgencyTree(agencies.everyOne(actor));
        var all = standings.all(actor);
        var wanted = cari.strip().toLowerCase(Locale.ROOT);
        var lines = all.stream()
                .filter(each ->
                        dinas.isEmpty() || each.officer().agency().toString().equals(dinas))
                .map(each -> line(each, tree))
                .filter(each -> keadaan.isEmpty() || each.state().equals(keadaan))
                .filter(each -> each.name().toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
        model.addAttribute(
                "page",
                new OfficersPage(
                        lines,
                        all.size(),
                        tree.choices(Set.of()),
                        dinas,
                        Arrays.stream(State.values())
                                .map(OfficersController::key)
                                .toList(),
                        keadaan,
                        cari,
                        actor.has(Role.ADMINISTRATOR)));
        return "identity/officers";
    }

    @GetMapping("/undang")
    String invitation(Actor actor, @RequestParam(defaultValue = "") String dinas, Model model) {
        var empty = OfficerForm.empty();
        return invite(
                actor,
                new OfficerForm(empty.name(), empty.mail(), dinas, empty.roles(), false),
                FormErrors.none(),
                model);
    }

    @PostMapping("/undang")
    String invite(
            Actor actor,
            Tenant tenant,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String mail,
            @RequestParam(defaultValue = "") String agency,
            @RequestParam(required = false) @Nullable List<String> roles,
            @RequestParam(required = false) @Nullable String circle,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        var form = OfficerForm.sent(name, mail, agency, roles, circle);
        var errors = form.errors(true);
        if (!errors.any()) {
            try {
                var invited = invitations.invite(
                        actor, new NewOfficer(form.name(), form.mail(), form.in(), form.wanted(), form.circle()));
                return show(request, tenant, invited);
            } catch (RefusalException e) {
                errors = OfficerForm.beside(e);
            }
        }
        response.setStatus(422);
        return invite(actor, form, errors, model);
    }

    private String invite(Actor actor, OfficerForm form, FormErrors errors, Model model) {
        model.addAttribute(
                "page",
                new InvitePage(form, errors, new AgencyTree(agencies.everyOne(actor)).choices(Set.of()), roles(form)));
        return "identity/invite";
    }

    @GetMapping("/{id}")
    String officer(
            Actor actor,
            Tenant tenant,
            @PathVariable String id,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        var officer = parsed(id);
        var standing = standings.of(actor, officer);
        var link = shownOnce
                .take(request, tenant, officer.value())
                .map(token -> tenant.address() + "/invitation/" + token)
                .orElse(null);
        if (link != null) {
            response.setHeader("Cache-Control", "no-store");
        }
        return page(actor, standing, OfficerForm.of(standing.officer()), FormErrors.none(), link, model);
    }

    @PostMapping("/{id}")
    String change(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String agency,
            @RequestParam(required = false) @Nullable List<String> roles,
            @RequestParam(required = false) @Nullable String circle,
            HttpServletResponse response,
            RedirectAttributes after,
            Model model) {
        var officer = parsed(id);
        var standing = standings.of(actor, officer);
        var form = OfficerForm.sent(name, "", agency, roles, circle);
        var errors = form.errors(false);
        if (!errors.any()) {
            try {
                officers.change(
                        actor,
                        new Officer(
                                officer,
                                form.name(),
                                form.in(),
                                form.wanted(),
                                form.circle(),
                                standing.officer().active()));
                return done(after, "identity.officer.changed", officer);
            } catch (RefusalException e) {
                errors = OfficerForm.beside(e);
            }
        }
        response.setStatus(422);
        return page(actor, standing, form, errors, null, model);
    }

    @PostMapping("/{id}/nonaktif")
    String deactivate(Actor actor, @PathVariable String id, RedirectAttributes after) {
        var officer = parsed(id);
        officers.activate(actor, officer, false);
        return done(after, "identity.officer.deactivated", officer);
    }

    @PostMapping("/{id}/aktif")
    String reactivate(Actor actor, @PathVariable String id, RedirectAttributes after) {
        var officer = parsed(id);
        officers.activate(actor, officer, true);
        return done(after, "identity.officer.reactivated", officer);
    }

    @PostMapping("/{id}/undang-lagi")
    String inviteAgain(Actor actor, Tenant tenant, @PathVariable String id, HttpServletRequest request) {
        return show(request, tenant, invitations.again(actor, parsed(id)));
    }

    @PostMapping("/{id}/faktor-kedua")
    String resetSecondFactor(Actor actor, @PathVariable String id, RedirectAttributes after) {
        var officer = parsed(id);
        factors.reset(actor, officer);
        return done(after, "identity.officer.factor-reset", officer);
    }

    @PostMapping("/{id}/alasan")
    String reason(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String reason,
            HttpServletResponse response,
            Model model) {
        var officer = parsed(id);
        var standing = standings.of(actor, officer);
        var said = reason.strip();
        if (said.length() < SHORTEST_REASON || said.length() > LONGEST_REASON) {
            response.setStatus(422);
            var errors = FormErrors.none().add("reason", "identity.reason-needed", SHORTEST_REASON, LONGEST_REASON);
            return page(actor, standing, OfficerForm.of(standing.officer()), errors, null, model);
        }
        officers.stateReason(actor, officer, said);
        return "redirect:" + LIST + "/" + officer;
    }

    private String show(HttpServletRequest request, Tenant tenant, Invitations.Invited invited) {
        shownOnce.keep(request, tenant, invited.officer().value(), invited.token());
        return "redirect:" + LIST + "/" + invited.officer();
    }

    private static String done(RedirectAttributes after, String key, OfficerId officer) {
        after.addFlashAttribute("done", key);
        return "redirect:" + LIST + "/" + officer;
    }

    private String page(
            Actor actor, Standing standing, OfficerForm form, FormErrors errors, @Nullable String link, Model model) {
        var tree = new AgencyTree(agencies.everyOne(actor));
        var id = standing.officer().id();
        model.addAttribute(
                "page",
                new OfficerPage(
                        id.toString(),
                        standing.officer().name(),
                        officers.mail(actor, id).orElse(null),
                        form,
                        errors,
                        tree.choices(Set.of()),
                        roles(form),
                        line(standing, tree),
                        actor.id().equals(id.value()),
                        sessions.count(id),
                        link,
                        actor.has(Role.ADMINISTRATOR)));
        return "identity/officer";
    }

    private static Line line(Standing standing, AgencyTree tree) {
        var officer = standing.officer();
        return new Line(
                LIST + "/" + officer.id(),
                officer.name(),
                tree.label(officer.agency()),
                Arrays.stream(Role.values())
                        .filter(officer.roles()::contains)
                        .map(OfficersController::key)
                        .toList(),
                officer.circle(),
                key(standing.state()),
                standing.invitedUntil(),
                standing.secondFactor());
    }

    private static List<RoleChoice> roles(OfficerForm form) {
        return Arrays.stream(Role.values())
                .map(each -> new RoleChoice(each.name(), key(each), form.roles().contains(each.name())))
                .toList();
    }

    /** The last part of the message keys of a role or state. */
    static String key(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static OfficerId parsed(String id) {
        try {
            return OfficerId.parse(id);
        } catch (IllegalArgumentException e) {
            throw Refusal.notFound().asException();
        }
    }
}
