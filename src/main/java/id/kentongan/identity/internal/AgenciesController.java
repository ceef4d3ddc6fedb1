// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.identity.Agency;
import id.kentongan.identity.Officer;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.Role;
import id.kentongan.site.FormErrors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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

/** The tree of agencies: for administrators, absent for everybody else. */
@Controller
@RequestMapping("/desk/atur/perangkat-daerah")
class AgenciesController {
    private static final String LIST = "/desk/atur/perangkat-daerah";

    private final DatabaseAgencies agencies;
    private final DatabaseOfficers officers;

    AgenciesController(DatabaseAgencies agencies, DatabaseOfficers officers) {
        this.agencies = agencies;
        this.officers = officers;
    }

    /** @param administers whether the reader may change anything */
    record AgenciesPage(List<Line> open, List<Line> closed, boolean administers) {}

    /** @param depth how far below the government itself @param officers who work there now */
    record Line(String href, String shortName, String name, String path, String duties, int depth, long officers) {}

    record Person(String href, String name) {}

    /**
     * @param id of the agency that is changed, or null for a new one
     * @param parents where it can stand; neither itself nor anything below it
     * @param people who work there now
     * @param below what stands directly below it
     * @param above the agency it stands below, in words, or null
     * @param administers whether the reader may change anything
     */
    record AgencyPage(
            @Nullable String id,
            String title,
            AgencyForm form,
            FormErrors errors,
            List<Choice> parents,
            boolean active,
            List<Person> people,
            List<Line> below,
            @Nullable String above,
            boolean administers) {}

    /** Nothing of this exists for anybody else, whatever the address says; an auditor reads. */
    @ModelAttribute
    void forWhom(Actor actor, HttpServletRequest request) {
        if (!request.getMethod().equals("POST") && !request.getRequestURI().endsWith("/tambah")) {
            DatabaseOfficers.oversees(actor);
        } else {
            DatabaseOfficers.administrator(actor);
        }
    }

    @GetMapping
    String list(Actor actor, Model model) {
        var all = agencies.everyOne(actor);
        var tree = new AgencyTree(all);
        var staff = officers.all(actor).stream()
                .filter(Officer::active)
                .collect(Collectors.groupingBy(Officer::agency, Collectors.counting()));
        var open = tree.ordered().stream().filter(Agency::active);
        var closed = tree.ordered().stream().filter(each -> !each.active());
        model.addAttribute(
                "page",
                new AgenciesPage(
                        open.map(each -> line(each, tree, staff.getOrDefault(each.id(), 0L)))
                                .toList(),
                        closed.map(each -> line(each, tree, 0)).toList(),
                        actor.has(Role.ADMINISTRATOR)));
        return "identity/agencies";
    }

    @GetMapping("/tambah")
    String form(Actor actor, @RequestParam(defaultValue = "") String induk, Model model) {
        return page(actor, null, AgencyForm.below(induk), FormErrors.none(), model);
    }

    @PostMapping("/tambah")
    String add(
            Actor actor,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String shortName,
            @RequestParam(defaultValue = "") String duties,
            @RequestParam(defaultValue = "") String parent,
            HttpServletResponse response,
            RedirectAttributes after,
            Model model) {
        var form = AgencyForm.sent(code, name, shortName, duties, parent);
        var errors = form.errors();
        if (!errors.any()) {
            try {
                var added = agencies.save(actor, form.as(AgencyId.next(), true));
                return done(after, "identity.agency.added", added.id());
            } catch (RefusalException e) {
                errors = AgencyForm.beside(e);
            }
        }
        response.setStatus(422);
        return page(actor, null, form, errors, model);
    }

    @GetMapping("/{id}")
    String agency(Actor actor, @PathVariable String id, Model model) {
        var agency = found(actor, id);
        return page(actor, agency, AgencyForm.of(agency), FormErrors.none(), model);
    }

    @PostMapping("/{id}")
    String change(
            Actor actor,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String shortName,
            @RequestParam(defaultValue = "") String duties,
            @RequestParam(defaultValue = "") String parent,
            HttpServletResponse response,
            RedirectAttributes after,
            Model model) {
        var agency = found(actor, id);
        // The code stays: other records of the government know the agency by it.
        var form = AgencyForm.sent(agency.code(), name, shortName, duties, parent);
        var errors = form.errors();
        if (!errors.any()) {
            try {
                agencies.save(actor, form.as(agency.id(), agency.active()));
                return done(after, "identity.agency.changed", agency.id());
            } catch (RefusalException e) {
                errors = AgencyForm.beside(e);
            }
        }
        response.setStatus(422);
        return page(actor, agency, form, errors, model);
    }

    @PostMapping("/{id}/tutup")
    String close(
            Actor actor, @PathVariable String id, HttpServletResponse response, RedirectAttributes after, Model model) {
        var agency = found(actor, id);
        try {
            agencies.save(actor, AgencyForm.of(agency).as(agency.id(), false));
            return done(after, "identity.agency.closed", agency.id());
        } catch (RefusalException e) {
            if (e.refusal().kind() != Refusal.Kind.INVALID) {
                throw e;
            }
            response.setStatus(422);
            var errors = FormErrors.none()
                    .add("close", e.refusal().code(), e.refusal().arguments().toArray());
            return page(actor, agency, AgencyForm.of(agency), errors, model);
        }
    }

    @PostMapping("/{id}/buka")
    String open(
            Actor actor, @PathVariable String id, HttpServletResponse response, RedirectAttributes after, Model model) {
        var agency = found(actor, id);
        try {
            agencies.save(actor, AgencyForm.of(agency).as(agency.id(), true));
            return done(after, "identity.agency.reopened", agency.id());
        } catch (RefusalException e) {
            response.setStatus(422);
            return page(actor, agency, AgencyForm.of(agency), AgencyForm.beside(e), model);
        }
    }

    private static String done(RedirectAttributes after, String key, AgencyId agency) {
        after.addFlashAttribute("done", key);
        return "redirect:" + LIST + "/" + agency;
    }

    private Agency found(Actor actor, String id) {
        return agencies.find(actor, OfficerForm.parsed(id))
                .orElseThrow(() -> Refusal.notFound().asException());
    }

    private String page(Actor actor, @Nullable Agency agency, AgencyForm form, FormErrors errors, Model model) {
        var tree = new AgencyTree(agencies.everyOne(actor));
        var within = agency == null
                ? Set.<AgencyId>of()
                : agencies.subtree(actor, agency.id()).stream().map(Agency::id).collect(Collectors.toSet());
        model.addAttribute(
                "page",
                new AgencyPage(
                        agency == null ? null : agency.id().toString(),
                        agency == null ? "" : agency.shortName(),
                        form,
                        errors,
                        tree.choices(within),
                        agency == null || agency.active(),
                        agency == null ? List.of() : people(actor, agency),
                        tree.ordered().stream()
                                .filter(each -> agency != null
                                        && each.active()
                                        && agency.id().equals(each.parent()))
                                .map(each -> line(each, tree, 0))
                                .toList(),
                        agency == null || agency.parent() == null ? null : tree.label(agency.parent()),
                        actor.has(Role.ADMINISTRATOR)));
        return "identity/agency";
    }

    private List<Person> people(Actor actor, Agency agency) {
        return officers.all(actor).stream()
                .filter(each -> each.active() && each.agency().equals(agency.id()))
                .map(each -> new Person("/desk/atur/petugas/" + each.id(), each.name()))
                .toList();
    }

    private static Line line(Agency each, AgencyTree tree, long officers) {
        return new Line(
                LIST + "/" + each.id(),
                each.shortName(),
                each.name(),
                tree.label(each.id()),
                each.duties(),
                tree.depth(each),
                officers);
    }
}
