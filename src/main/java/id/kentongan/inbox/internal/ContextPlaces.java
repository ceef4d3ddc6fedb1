// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.internal.ThreadTable.Known;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.stereotype.Component;

/** What is not addressed to us and stands above something that is: a copy in each conversation it stands above. */
@Component
class ContextPlaces {
    private final ThreadTable threads;

    ContextPlaces(ThreadTable threads) {
        this.threads = threads;
    }

    /** Context that is there already and stands above a new conversation, too. */
    record Copy(MessageId context, ConversationId into) {}

    /**
     * An edit has addressed to us what is there. Where it continues a conversation, it speaks to us there; where it
     * is only context, it begins a conversation of its own, and those it stands above stay whose they are.
     *
     * @param kept takes those that begin one
     * @return those that stand where they stood
     */
    static List<Incoming> call(List<Incoming> called, Map<String, List<Known>> known, List<Incoming> kept) {
        var standing = new ArrayList<Incoming>();
        var passed = new HashSet<String>();
        for (var each : called) {
            if (!passed.add(each.key())) {
                continue;
            }
            var there = known.getOrDefault(each.key(), List.of()).stream()
                    .filter(Known::hangs)
                    .toList();
            for (var one : there) {
                var message = each.as(one.id());
                message.by(each.contact());
                message.into(one.conversation());
                standing.add(message);
            }
            if (there.isEmpty()) {
                each.opens(ConversationId.next());
                kept.add(each);
            }
        }
        return standing;
    }

    /**
     * What stands above something in a conversation goes into it, however far up; what stands above two goes into
     * both.
     *
     * @param copies takes what is there already, in another conversation
     * @return the new messages, each with its conversation
     */
    List<Incoming> place(
            List<Incoming> anchored, List<Incoming> floating, Map<String, List<Known>> known, Set<Copy> copies) {
        var byKey = new HashMap<String, Incoming>();
        floating.forEach(each -> byKey.put(each.key(), each));
        var into = new LinkedHashMap<String, Set<ConversationId>>();
        for (var each : anchored) {
            standsAbove(each, each.conversation(), byKey, known, into, copies);
        }
        var children = threads.children(floating);
        for (var each : floating) {
            for (var below : children.getOrDefault(each.key(), List.of())) {
                into.computeIfAbsent(each.key(), key -> new LinkedHashSet<>()).add(below);
                standsAbove(each, below, byKey, known, into, copies);
            }
        }
        var placed = new ArrayList<Incoming>();
        into.forEach((key, conversations) -> {
            var original = Objects.requireNonNull(byKey.get(key));
            for (var conversation : conversations) {
                var message = original.isPlaced() ? original.copy() : original;
                message.into(conversation);
                placed.add(message);
            }
        });
        return placed;
    }

    private static void standsAbove(
            Incoming below,
            ConversationId conversation,
            Map<String, Incoming> floating,
            Map<String, List<Known>> known,
            Map<String, Set<ConversationId>> into,
            Set<Copy> copies) {
        var passed = new HashSet<String>();
        var at = below;
        while (passed.add(at.key())) {
            var there = Branches.above(at, known).stream()
                    .filter(one -> one.branching() && !one.hangs())
                    .toList();
            if (there.stream().noneMatch(one -> one.conversation().equals(conversation))) {
                there.forEach(one -> copies.add(new Copy(one.id(), conversation)));
            }
            var above = at.parent() == null ? null : floating.get(at.parent());
            if (above == null) {
                return;
            }
            into.computeIfAbsent(above.key(), key -> new LinkedHashSet<>()).add(conversation);
            at = above;
        }
    }
}
