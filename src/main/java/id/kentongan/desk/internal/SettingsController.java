// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Role;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The index of what can be set, each with a word on what for. */
@Controller
class SettingsController {
    /** @param key of its name; {@code .text} below it says what it is for */
    private record Setting(String path, String icon, String key, Role[] roles) {}

    private static final List<Setting> ALL = List.of(
            new Setting("/desk/atur/kesiapan", "check-circle", "operation.readiness.title", Access.ADMINISTERS),
            new Setting("/desk/atur/tersendat", "warning", "operation.stuck.title", Access.SETTLES),
            new Setting("/desk/atur/kanal", "web", "desk.channels.title", Access.SETTLES_OR_OVERSEES),
            new Setting("/desk/atur/aturan-penerusan", "route", "desk.rules.title", Access.OVERSEES),
            new Setting("/desk/atur/tenggat", "calendar", "desk.deadlines.title", Access.OVERSEES),
            new Setting("/desk/atur/daftar", "check-circle", "desk.lists.title", Access.ADMINISTERS),
            new Setting("/desk/atur/jawaban", "form", "desk.answers.title", Access.SETTLES_OR_OVERSEES),
            new Setting("/desk/atur/petugas", "people", "identity.officers.title", Access.OVERSEES),
            new Setting("/desk/atur/perangkat-daerah", "building", "identity.agencies.title", Access.OVERSEES),
            new Setting("/desk/atur/peristiwa", "clock-late", "desk.events.title", Access.OVERSEES));

    private final Say say;

    SettingsController(Say say) {
        this.say = say;
    }

    record SettingsPage(List<Entry> entries) {}

    record Entry(String href, String icon, String name, String text) {}

    @GetMapping("/desk/atur")
    String index(Actor actor, Model model) {
        Access.settlesOrOversees(actor);
        model.addAttribute(
                "page",
                new SettingsPage(ALL.stream()
                        .filter(each -> actor.hasAny(each.roles()))
                        .map(each ->
                                new Entry(each.path(), each.icon(), say.it(each.key()), say.it(each.key() + ".text")))
                        .toList()));
        return "desk/settings";
    }
}
