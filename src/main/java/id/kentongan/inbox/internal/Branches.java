// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import id.kentongan.channel.AccountId;
import id.kentongan.channel.Audience;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.internal.ContextPlaces.Copy;
import id.kentongan.inbox.internal.ThreadTable.Known;
import id.kentongan.kernel.Actor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Where a message belongs. Private words of one person to one account are one conversation, and so is each form; in
 * public, each branch below what was said to us is one. Whatever the order of arrival, the branches end the same: a
 * message that links two of them joins them, and the conversation belongs to the one who began its topmost message.
 *
 * <p>What is not addressed to us opens nothing. Below something that was said to us or by us it continues that
 * conversation; above, it is context, a copy in each conversation that it stands above, and joins none of them. Two
 * branches that both have a case already stay apart, because two cases cannot become one unasked.
 */
@Component
class Branches {
    private final ThreadTable threads;
    private final Joining joining;
    private final ContactBook contacts;
    private final PrivatePlaces inPrivate;
    private final ContextPlaces around;

    Branches(
            ThreadTable threads, Joining joining, ContactBook contacts, PrivatePlaces inPrivate, ContextPlaces around) {
        this.threads = threads;
        this.joining = joining;
        this.contacts = contacts;
        this.inPrivate = inPrivate;
        this.around = around;
    }

    /**
     * @param kept messages to store, each with its conversation
     * @param called messages that are there and are addressed to us since now
     * @param unplaced what has no place yet
     * @param repeated what was there already
     * @param copies context that is there, for one more conversation
     * @param reseal conversations that have another owner now, whose preview must be written under their key
     */
    record Placed(
            List<Incoming> kept,
            List<Incoming> called,
            List<Incoming> unplaced,
            List<Incoming> repeated,
            Set<Copy> copies,
            Set<ConversationId> reseal) {}

    Placed place(Actor actor, List<Incoming> said) {
        var known = threads.known(said);
        var fresh = new LinkedHashMap<String, Incoming>();
        var called = new ArrayList<Incoming>();
        var repeated = new ArrayList<Incoming>();
        for (var each : said) {
            var there = known.getOrDefault(each.key(), List.of()).stream()
                    .filter(one -> !one.ours())
                    .toList();
            if (there.isEmpty()) {
                fresh.putIfAbsent(each.key(), each);
            } else {
                if (each.wording() != Incoming.Wording.EDITED) {
                    repeated.add(each);
                }
                if (each.wording() != Incoming.Wording.FIRST && there.stream().noneMatch(Known::addressed)) {
                    called.add(each);
                }
            }
        }
        var anchored = anchored(fresh, known);
        while (anchored.size() < fresh.size() && lift(anchored, known)) {
            anchored = anchored(fresh, known);
        }
        var settled = Set.copyOf(anchored);
        var floating = fresh.values().stream()
                .filter(each -> each.branching() && !settled.contains(each))
                .toList();
        contacts.recognise(actor, Incoming.all(anchored, called));
        inPrivate.place(anchored.stream().filter(each -> !each.branching()).toList(), known);
        var branching = anchored.stream().filter(Incoming::branching).toList();
        var reseal = placeBranches(actor, branching, known);
        var kept = new ArrayList<>(anchored.stream().filter(Incoming::isPlaced).toList());
        var standing = ContextPlaces.call(called, known, kept);
        var copies = new LinkedHashSet<Copy>();
        var context = around.place(branching, floating, known, copies);
        contacts.recognise(actor, context);
        kept.addAll(context);
        var placed = new HashSet<String>();
        kept.forEach(each -> placed.add(each.key()));
        return new Placed(
                kept,
                standing,
                floating.stream().filter(each -> !placed.contains(each.key())).toList(),
                repeated,
                copies,
                reseal);
    }

    private static List<Incoming> anchored(Map<String, Incoming> fresh, Map<String, List<Known>> known) {
        return fresh.values().stream()
                .filter(each -> each.branching() ? anchored(each, fresh, known, new HashSet<>()) : true)
                .toList();
    }

    /**
     * What was only context of its conversation hangs on what has come above it now, and so does what answers it.
     *
     * @return whether that is so of anything that hung on nothing before
     */
    private boolean lift(List<Incoming> anchored, Map<String, List<Known>> known) {
        var branching = anchored.stream().filter(Incoming::branching).toList();
        var below = new HashSet<String>();
        var accounts = new HashMap<String, AccountId>();
        branching.forEach(each -> accounts.put(each.key(), each.received.account()));
        threads.contextBelow(branching)
                .forEach((above, hashes) -> hashes.forEach(hash -> {
                    var account = accounts.get(above);
                    if (account != null) {
                        below.add(Receiving.scoped(account, hash));
                    }
                }));
        var lifted = false;
        for (var key : below) {
            var there = known.getOrDefault(key, List.of());
            if (there.stream().anyMatch(each -> !each.hangs())) {
                known.put(key, there.stream().map(Known::lifted).toList());
                lifted = true;
            }
        }
        return lifted;
    }

    private Set<ConversationId> placeBranches(Actor actor, List<Incoming> anchored, Map<String, List<Known>> known) {
        if (anchored.isEmpty()) {
            return Set.of();
        }
        var groups = new Groups();
        var keys = new HashSet<String>();
        anchored.forEach(each -> keys.add(each.key()));
        var children = threads.children(anchored);
        for (var each : anchored) {
            groups.add(each.key());
            var parent = each.parent();
            if (parent != null && keys.contains(parent)) {
                groups.join(each.key(), parent);
            } else {
                for (var continued : continued(each, known)) {
                    groups.join(each.key(), "c:" + continued);
                }
            }
            for (var child : children.getOrDefault(each.key(), List.of())) {
                groups.join(each.key(), "c:" + child);
            }
        }
        var rows = threads.kept(conversations(groups.names("c:")));
        var reseal = new LinkedHashSet<ConversationId>();
        var members = new LinkedHashMap<String, List<Incoming>>();
        anchored.forEach(each -> members.computeIfAbsent(groups.of(each.key()), key -> new ArrayList<>())
                .add(each));
        var tops = new HashMap<String, Top>();
        members.forEach((group, items) -> tops.put(group, top(items, known, children)));
        // What only grows need not wait for whoever opens a case of it; what gets another owner or another place does.
        rows.putAll(threads.held(members.keySet().stream()
                .flatMap(group -> {
                    var there = there(groups, group, rows);
                    var begins = Objects.requireNonNull(tops.get(group)).conversation() == null;
                    return there.size() > 1 || begins ? there.stream().map(ThreadRow::id) : Stream.empty();
                })
                .toList()));
        members.forEach((group, items) ->
                settle(actor, items, there(groups, group, rows), Objects.requireNonNull(tops.get(group)), reseal));
        return reseal;
    }

    private static List<ThreadRow> there(Groups groups, String group, Map<ConversationId, ThreadRow> rows) {
        return conversations(groups.in(group, "c:")).stream()
                .map(rows::get)
                .filter(Objects::nonNull)
                .toList();
    }

    private static List<ConversationId> conversations(List<String> names) {
        return names.stream()
                .map(name -> ConversationId.parse(name.substring(2)))
                .toList();
    }

    /** What is known of what it answers. */
    static List<Known> above(Incoming each, Map<String, List<Known>> known) {
        var parent = each.parent();
        return parent == null ? List.of() : known.getOrDefault(parent, List.of());
    }

    /** The conversations it continues: of ours, of what was said to us, and of what stands below that. */
    private static List<ConversationId> continued(Incoming each, Map<String, List<Known>> known) {
        return above(each, known).stream()
                .filter(one -> one.ours() || one.branching() && one.hangs())
                .map(Known::conversation)
                .distinct()
                .toList();
    }

    /** Whether it is meant for us, or continues something that is there. */
    private static boolean anchored(
            Incoming each, Map<String, Incoming> fresh, Map<String, List<Known>> known, Set<String> passed) {
        if (each.said.addressed() || !continued(each, known).isEmpty()) {
            return true;
        }
        var above = each.parent() == null || !passed.add(each.key()) ? null : fresh.get(each.parent());
        return above != null && above.branching() && anchored(above, fresh, known, passed);
    }

    /** @param item the topmost message when it came just now @param conversation else the conversation above it */
    private record Top(Incoming item, @Nullable ConversationId conversation) {}

    /**
     * Wherever it is climbed from: what continues a conversation that itself stands below one of these is not the
     * topmost.
     */
    private static Top top(
            List<Incoming> items, Map<String, List<Known>> known, Map<String, List<ConversationId>> children) {
        var byKey = new HashMap<String, Incoming>();
        var below = new HashSet<ConversationId>();
        for (var each : items) {
            byKey.put(each.key(), each);
            below.addAll(children.getOrDefault(each.key(), List.of()));
        }
        var tops = items.stream().map(each -> top(each, byKey, known)).toList();
        return tops.stream()
                .filter(each -> each.conversation() == null || !below.contains(each.conversation()))
                .findFirst()
                .orElse(tops.getFirst());
    }

    private static Top top(Incoming from, Map<String, Incoming> byKey, Map<String, List<Known>> known) {
        var passed = new HashSet<String>();
        var at = from;
        var begun = at;
        while (passed.add(at.key())) {
            // Context is nobody's report: the conversation is whose who spoke to us.
            begun = at.said.addressed() || !begun.said.addressed() ? at : begun;
            var above = at.parent() == null ? null : byKey.get(at.parent());
            if (above == null) {
                break;
            }
            at = above;
        }
        var continued = continued(at, known);
        return new Top(begun, continued.isEmpty() ? null : continued.getFirst());
    }

    private void settle(Actor actor, List<Incoming> items, List<ThreadRow> there, Top top, Set<ConversationId> reseal) {
        if (there.isEmpty()) {
            var fresh = ConversationId.next();
            items.forEach(each -> each.into(fresh));
            top.item().opens(fresh);
            return;
        }
        // The one with a case stays; a private conversation is never folded into a public one.
        var stays = there.stream()
                .min(Comparator.comparing((ThreadRow row) -> !row.hasCase())
                        .thenComparing(row -> row.audience() != Audience.DIRECT)
                        .thenComparing(row -> row.id().value()))
                .orElseThrow();
        items.forEach(each -> each.into(stays.id()));
        var gone = there.stream()
                .filter(row -> row != stays && !row.hasCase() && row.audience() != Audience.DIRECT)
                .toList();
        gone.forEach(row -> joining.join(actor, row, stays));
        // A case knows its reporter: that one keeps the conversation, whoever is found to have begun it.
        if (stays.hasCase() || stays.audience() == Audience.DIRECT) {
            return;
        }
        if (top.conversation() == null) {
            var by = top.item().contact();
            joining.own(
                    stays,
                    new ThreadRow(
                            stays.id(),
                            top.item().said.audience(),
                            stays.hasCase(),
                            by.id().value(),
                            by.key(),
                            top.item().threadHash));
            reseal.add(stays.id());
        } else {
            gone.stream().filter(row -> row.id().equals(top.conversation())).forEach(row -> {
                joining.own(stays, row);
                reseal.add(stays.id());
            });
        }
    }
}
