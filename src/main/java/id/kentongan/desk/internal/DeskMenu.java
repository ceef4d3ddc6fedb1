// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CaseNotices;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Role;
import id.kentongan.site.MenuPage;
import id.kentongan.site.spi.MenuContributor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The desk's rail: the boxes of the inbox with their numbers, work, numbers, the trail, settings. */
@Component
class DeskMenu implements MenuContributor {
    private static final String INBOX = "desk.menu.inbox";
    private static final String WORK = "desk.menu.work";
    private static final String MEASURES = "desk.menu.measures";
    private static final String SETTINGS = "desk.menu.administration";

    private final KeptCounts counts;
    private final CaseNotices notices;

    DeskMenu(KeptCounts counts, CaseNotices notices) {
        this.counts = counts;
        this.notices = notices;
    }

    @Override
    public List<MenuPage> pages() {
        return List.of(
                box("desk.box.open", "inbox", Box.OPEN, 10, Access.READS),
                box("desk.box.mine", "person", Box.MINE, 11, Access.WORKS),
                box("desk.box.nobodys", "nobody", Box.NOBODYS, 12, Access.READS),
                box("desk.box.overdue", "clock-late", Box.OVERDUE, 13, Access.READS),
                box("desk.box.done", "check-circle", Box.DONE, 14, Access.READS),
                MenuPage.desk(WORK, "desk.menu.cases", "folder", "/desk/kasus", 20, Access.READS),
                MenuPage.desk(WORK, "desk.menu.mine", "calendar", "/desk/pekerjaan", 21, Access.WORKS),
                MenuPage.desk(WORK, "desk.menu.notices", "bell", NoticesController.PATH, 22, Access.TOLD),
                MenuPage.desk(MEASURES, "desk.menu.head", "report", "/desk/ringkasan", 59, Access.SUMMARY),
                MenuPage.desk(MEASURES, "desk.menu.numbers", "chart", "/desk/angka", 60, Access.COUNTS),
                MenuPage.desk(MEASURES, "desk.menu.trail", "seal", "/desk/jejak", 61, Access.TRAIL),
                MenuPage.desk(SETTINGS, "desk.menu.settings", "gear", "/desk/atur", 80, Access.SETTLES_OR_OVERSEES));
    }

    @Override
    public Map<String, Integer> counts(Actor actor) {
        var numbers = new HashMap<String, Integer>();
        if (actor.kind() == Actor.Kind.OFFICER && actor.hasAny(Access.READS)) {
            counts.of(actor).forEach((box, count) -> {
                if (box != Box.UNANSWERED && (box != Box.MINE || !actor.has(Role.AUDITOR))) {
                    numbers.put(path(box), count);
                }
            });
        }
        if (actor.kind() == Actor.Kind.OFFICER && actor.hasAny(Access.TOLD)) {
            numbers.put(NoticesController.PATH, notices.unseen(actor));
        }
        return numbers;
    }

    private static MenuPage box(String label, String icon, Box box, int order, Role... roles) {
        return MenuPage.desk(INBOX, label, icon, path(box), order, roles).covering("/desk/percakapan");
    }

    private static String path(Box box) {
        var code = InboxQuery.CODES.get(box);
        return code == null || code.isEmpty() ? "/desk" : "/desk?kotak=" + code;
    }
}
