// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.channel.Capabilities;
import id.kentongan.channel.Capabilities.Answering;
import id.kentongan.channel.Capabilities.Change;
import id.kentongan.channel.Capabilities.Doubt;
import id.kentongan.channel.TextLimit;
import id.kentongan.desk.internal.ChannelsController.Fact;
import id.kentongan.site.Dates;
import id.kentongan.site.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What can and cannot be done on a network, in words. */
@Component
class Abilities {
    private final Dates dates;
    private final Numbers numbers;
    private final Say say;

    Abilities(Dates dates, Numbers numbers, Say say) {
        this.dates = dates;
        this.numbers = numbers;
        this.say = say;
    }

    List<Fact> of(Capabilities able) {
        var facts = new ArrayList<Fact>();
        facts.add(fact("public", answers(able.publicAnswer())));
        facts.add(fact("private", answers(able.privateAnswer())));
        if (able.publicAnswer() != null) {
            facts.add(fact("aside", answers(able.aside())));
        }
        facts.add(fact("edit", change(able.edit())));
        facts.add(fact("withdrawal", change(able.withdrawal())));
        facts.add(fact("doubt", doubt(able.doubt())));
        return List.copyOf(facts);
    }

    private Fact fact(String term, String value) {
        return new Fact(say.it("desk.channels.able." + term), value, false);
    }

    private String answers(@Nullable Answering answering) {
        if (answering == null) {
            return say.it("desk.channels.able.no");
        }
        var words = new ArrayList<String>();
        words.add(answering.text().stream().map(this::length).collect(Collectors.joining(", ")));
        answering
                .pictures()
                .ifPresent(limit -> words.add(say.it(
                        "desk.channels.able.pictures", numbers.whole(limit.most()), numbers.bytes(limit.largest()))));
        var window = answering.window();
        if (window != null) {
            words.add(say.it("desk.channels.able.window", dates.span(window)));
        }
        return String.join("; ", words);
    }

    private String length(TextLimit limit) {
        return say.it(
                limit.unit() == TextLimit.Unit.UTF8_BYTES
                        ? "desk.channels.able.bytes"
                        : "desk.channels.able.characters",
                numbers.whole(limit.most()));
    }

    private String change(@Nullable Change change) {
        if (change == null) {
            return say.it("desk.channels.able.no");
        }
        var within = change.within();
        return within == null
                ? say.it("desk.channels.able.yes")
                : say.it("desk.channels.able.within", dates.span(within));
    }

    private String doubt(Doubt doubt) {
        if (doubt.harmlessFor().isPositive()) {
            return say.it("desk.channels.able.doubt-repeated");
        }
        return say.it(doubt.readable() ? "desk.channels.able.doubt-read" : "desk.channels.able.doubt-asked");
    }
}
