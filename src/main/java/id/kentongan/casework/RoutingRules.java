// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework;

import id.kentongan.channel.Network;
import id.kentongan.kernel.Actor;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tenant's routing rules, set by administrators; every change is in the trail. */
public interface RoutingRules {
    List<RoutingRule> all(Actor actor);

    RoutingRule save(Actor actor, RoutingRule rule);

    void end(Actor actor, UUID rule, LocalDate lastDay);

    /** Lets a rule hold on, from today when it had ended; refused like {@link #save} when its agency is closed. */
    void resume(Actor actor, UUID rule);

    /** Moves a rule before or behind its neighbour among those that have not ended; at the end it stays. */
    void move(Actor actor, UUID rule, boolean earlier);

    /**
     * Which rule would decide for a message like this today, and why the ones before it do not.
     *
     * @param draft a rule that is not saved yet, in the place of the one with its id or behind all others; or null
     */
    Trial attempt(Actor actor, Sample sample, @Nullable RoutingRule draft);

    /** @param district code of the district the message names, or null */
    record Sample(String text, Network network, @Nullable String district) {}

    /**
     * @param steps every rule in the order in which it is asked
     * @param decided the rule that decides, or null when none fits
     */
    record Trial(List<Step> steps, @Nullable RoutingRule decided) {
        public Trial {
            steps = List.copyOf(steps);
        }
    }

    /** @param word the word that was found, where the rule asks for words and one was */
    record Step(RoutingRule rule, Outcome outcome, @Nullable String word) {}

    enum Outcome {
        FITS,
        OTHER_NETWORK,
        OTHER_DISTRICT,
        NO_WORD,
        NOT_YET,
        ENDED,
        /** A rule before it has decided. */
        NOT_ASKED
    }
}
