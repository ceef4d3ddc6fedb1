// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.CasePlace;
import id.kentongan.casework.CaseView;
import id.kentongan.casework.Cases;
import id.kentongan.channel.Network;
import id.kentongan.inbox.ConversationView.ReplyTarget;
import id.kentongan.kernel.Actor;
import id.kentongan.site.Dates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Where the reporter of a case is told something and who reads it there, in words. */
@Component
class CasePlaces {
    private final Cases cases;
    private final InboxLists lists;
    private final Dates dates;
    private final Say say;

    CasePlaces(Cases cases, InboxLists lists, Dates dates, Say say) {
        this.cases = cases;
        this.lists = lists;
        this.dates = dates;
        this.say = say;
    }

    record Place(String icon, String text) {}

    /** A place that can be chosen, as the radios draw it. */
    record PlaceChoice(String value, String label, @Nullable String hint, String icon) {}

    /**
     * @param told where the reporter is told what is told of the case without a choice
     * @param choices where an answer can be shown, the default first, when there is more than one way
     * @param own whether an answer in the conversation beside the case is one to the reporter
     */
    record Places(List<Place> told, List<PlaceChoice> choices, boolean own) {
        static final Places NONE = new Places(List.of(), List.of(), false);
    }

    Places of(Actor actor, CaseView found) {
        var all = cases.places(actor, found.id());
        var only = all.size() == 1 ? all.getFirst() : null;
        return new Places(
                all.stream().flatMap(each -> told(found, each).stream()).toList(),
                only == null || only.targets().size() < 2
                        ? List.of()
                        : only.targets().stream()
                                .map(each -> new PlaceChoice(
                                        each.code(), text(found, only, each), null, icon(only.network())))
                                .toList(),
                only != null && only.owners());
    }

    /** Named one by one, so that nobody answers in public what was asked in private. */
    private List<Place> told(CaseView found, CasePlace each) {
        var icon = icon(each.network());
        var target = each.where(null);
        if (target.isPresent()) {
            return List.of(new Place(icon, text(found, each, target.get())));
        }
        var network = lists.network(each.network());
        var lines = new ArrayList<Place>();
        lines.add(new Place("mask", say.it("desk.case.to.nobody", network, who(found, each.network()))));
        each.closed().stream()
                .map(closed -> say.it("desk.reply.closed-private", network, dates.near(closed.since())))
                .distinct()
                .forEach(text -> lines.add(new Place("clock", text)));
        return lines;
    }

    private String text(CaseView found, CasePlace place, ReplyTarget target) {
        var key = place.network() == Network.WEB
                ? "desk.case.to.web"
                : switch (target.audience()) {
                    case PUBLIC, UNLISTED -> "desk.case.to.public";
                    case FOLLOWERS -> "desk.case.to.followers";
                    case DIRECT -> "desk.case.to.private";
                };
        return say.it(key, lists.network(place.network()), who(found, place.network()));
    }

    private static String icon(Network network) {
        return InboxLists.icon(network);
    }

    /** The reporter, whoever began the conversation. */
    String who(CaseView found, @Nullable Network network) {
        return Optional.of(found.reporterName())
                .filter(name -> !name.isBlank())
                .orElseGet(() -> say.it(
                        found.confidential()
                                ? "desk.row.confidential"
                                : found.anonymous()
                                        ? "desk.row.anonymous"
                                        : network == Network.WEB ? "desk.row.citizen" : "desk.row.hidden"));
    }
}
