// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import id.kentongan.casework.Regions;
import id.kentongan.casework.RoutingRules;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Network;
import id.kentongan.database.DataFolder;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Officer;
import id.kentongan.identity.Officers;
import id.kentongan.identity.Tenant;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.Role;
import id.kentongan.policy.Holiday;
import id.kentongan.policy.Rules;
import id.kentongan.privacy.KeyCustody;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** What a new government still lacks, read from what is there; nothing can be ticked off by hand. */
@Controller
class ReadinessController {
    private static final int FEWEST_HOLIDAYS = 10;
    private static final int SHOWN = 8;

    private final Agencies agencies;
    private final Officers officers;
    private final RoutingRules routing;
    private final Rules rules;
    private final Accounts accounts;
    private final Regions regions;
    private final DataFolder folder;
    private final MessageSource messages;
    private final Clock clock;

    ReadinessController(
            Agencies agencies,
            Officers officers,
            RoutingRules routing,
            Rules rules,
            Accounts accounts,
            Regions regions,
            DataFolder folder,
            MessageSource messages,
            Clock clock) {
        this.agencies = agencies;
        this.officers = officers;
        this.routing = routing;
        this.rules = rules;
        this.accounts = accounts;
        this.regions = regions;
        this.folder = folder;
        this.messages = messages;
        this.clock = clock;
    }

    record ReadinessPage(List<Point> points, int lacking) {}

    @GetMapping("/desk/atur/kesiapan")
    String page(Actor actor, Tenant tenant, Model model) {
        if (!actor.has(Role.ADMINISTRATOR)) {
            throw Refusal.notFound().asException();
        }
        var all = agencies.all(actor);
        var today = clock.instant().atZone(tenant.zone()).toLocalDate();
        var points = new ArrayList<Point>();
        points.add(point("agencies", all.size() > 1, "/desk/atur/perangkat-daerah", all.size()));
        points.add(staffed(actor, all));
        points.add(routed(actor, today));
        points.add(calendar(actor, today.getYear()));
        points.add(calendar(actor, today.getYear() + 1));
        var networks = accounts.all(actor).stream()
                .filter(each -> each.network() != Network.WEB)
                .count();
        points.add(point("accounts", networks > 0, "/desk/atur/kanal", networks));
        var districts = regions.districts(actor);
        points.add(point(
                "regions",
                !districts.isEmpty(),
                null,
                districts.size(),
                districts.stream().mapToInt(each -> each.villages().size()).sum()));
        points.add(point("keys", KeyCustody.of(folder) == KeyCustody.EXPORTED, null));
        points.add(point("address", tenant.address().startsWith("https://"), null, tenant.address()));
        model.addAttribute("page", new ReadinessPage(points, (int)
                points.stream().filter(each -> !each.well()).count()));
        return "operation/readiness";
    }

    /** Somebody must answer in every agency that a rule may forward to; the desk needs somebody to read. */
    private Point staffed(Actor actor, List<Agency> all) {
        var at = officers.all(actor).stream()
                .filter(Officer::active)
                .map(Officer::agency)
                .collect(Collectors.toSet());
        var empty = all.stream().filter(each -> !at.contains(each.id())).toList();
        return point(
                "officers",
                empty.isEmpty(),
                "/desk/atur/petugas",
                all.size() - empty.size(),
                all.size(),
                empty.stream().limit(SHOWN).map(Agency::shortName).collect(Collectors.joining(", "))
                        + (empty.size() > SHOWN ? ", …" : ""));
    }

    private Point routed(Actor actor, LocalDate today) {
        var count = routing.all(actor).stream()
                .filter(each -> each.agency() != null)
                .filter(each -> holds(each.effectiveTo(), today))
                .count();
        return point("rules", count > 0, "/desk/atur/aturan-penerusan", count);
    }

    private static boolean holds(@Nullable LocalDate until, LocalDate today) {
        return until == null || !until.isBefore(today);
    }

    /** A year whose days off were never entered would count every deadline short. */
    private Point calendar(Actor actor, int year) {
        var days = rules.holidays(actor, year);
        var sources = days.stream()
                .filter(each -> each.kind() != Holiday.Kind.LOCAL)
                .map(Holiday::source)
                .distinct()
                .limit(3)
                .collect(Collectors.joining("; "));
        var well = days.size() >= FEWEST_HOLIDAYS && !sources.isBlank();
        return point("calendar", well, "/desk/atur/tenggat?tahun=" + year, "" + year, days.size(), sources);
    }

    private Point point(String key, boolean well, @Nullable String href, Object... facts) {
        var prefix = "operation.readiness." + key;
        return new Point(
                say(prefix, facts),
                well,
                say(prefix + (well ? ".well" : ".lacking"), facts),
                say(prefix + ".remedy", facts),
                href);
    }

    private String say(String key, Object... arguments) {
        return messages.getMessage(key, arguments, LocaleContextHolder.getLocale());
    }
}
