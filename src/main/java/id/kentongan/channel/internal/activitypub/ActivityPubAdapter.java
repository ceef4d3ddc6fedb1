// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.channel.Account;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.Outgoing;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.privacy.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** The fediverse: our own server, one actor per account, several officers behind it. */
@Component
class ActivityPubAdapter implements ChannelAdapter {
    static final String PUBLIC = "https://www.w3.org/ns/activitystreams#Public";
    static final String OBJECT = "channel.ap_object";
    private static final String FOLLOWER = "channel.ap_follower";
    private static final int LARGEST_PICTURE = 10_000_000;
    private static final int MOST_PICTURES = 4;

    private final Peers peers;
    private final ActorTransactions transactions;
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Tenants tenants;
    private final Clock clock;
    private final ObjectMapper json;

    ActivityPubAdapter(
            Peers peers,
            ActorTransactions transactions,
            JdbcClient jdbc,
            Vault vault,
            Tenants tenants,
            Clock clock,
            ObjectMapper json) {
        this.peers = peers;
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.vault = vault;
        this.tenants = tenants;
        this.clock = clock;
        this.json = json;
    }

    @Override
    public Network network() {
        return Network.ACTIVITYPUB;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(5000, true, true, true, true, true, 120);
    }

    @Override
    public NewCredentials credentials() {
        return Peers.newKeys();
    }

    // ---- hearing ------------------------------------------------------------------------------------------------

    @Override
    public List<Item> read(Actor actor, RawDelivery delivery) throws UnreadableDelivery {
        JsonNode activity;
        try {
            activity = json.readTree(delivery.body());
        } catch (JacksonException e) {
            throw new UnreadableDelivery("not-json", false);
        }
        var who = id(activity.path("actor"));
        if (!who.equals(delivery.headers().getOrDefault("verified-actor", ""))) {
            throw new UnreadableDelivery("actor-not-key-owner", false);
        }
        var own = peers.own(actor, delivery.account());
        var object = activity.path("object");
        var key = activity.path("id").asString("");
        return switch (activity.path("type").asString("")) {
            case "Create" -> said(actor, own, who, object);
            case "Update" -> updated(actor, who, key, object);
            case "Delete" ->
                List.of(
                        id(object).equals(who)
                                ? new Item.Left(key(key, "delete", who), clock.instant(), who)
                                : new Item.Deleted(
                                        key(key, "delete", id(object)), clock.instant(), ownedBy(who, id(object))));
            case "Follow" -> List.of(follow(actor, own, who, activity));
            case "Undo" -> undone(actor, own, who, key, object);
            case "Like", "Announce" ->
                List.of(new Item.Reacted(
                        key(key, "react", who + " " + id(object)),
                        clock.instant(),
                        author(actor, who),
                        id(object),
                        activity.path("type").asString("").toLowerCase(java.util.Locale.ROOT),
                        false));
            case "Flag" ->
                List.of(new Item.Reacted(
                        key(key, "flag", who), clock.instant(), author(actor, who), id(object), "flag", false));
            case "Accept", "Reject", "Add", "Remove", "Move", "Block" -> List.of();
            default -> throw new UnreadableDelivery("unknown-activity", false);
        };
    }

    private static String key(String id, String kind, String rest) {
        return id.isEmpty() ? kind + ":" + rest : id;
    }

    /** A node that is an address or an object with one. */
    static String id(JsonNode node) {
        if (node.isArray()) {
            return node.isEmpty() ? "" : id(node.get(0));
        }
        return node.isString() ? node.asString("") : node.path("id").asString("");
    }

    /** Nobody deletes or edits what lies on another server than their own. */
    private static String ownedBy(String who, String target) throws UnreadableDelivery {
        if (!Peers.sameHost(who, target)) {
            throw new UnreadableDelivery("not-the-authors", false);
        }
        return target;
    }

    private List<Item> said(Actor actor, Peers.Own own, String who, JsonNode object) throws UnreadableDelivery {
        var note = object;
        if (note.isString()) {
            ownedBy(who, note.asString(""));
            try {
                note = peers.document(actor, note.asString(""));
            } catch (IOException e) {
                throw new UnreadableDelivery("object-not-fetched", true);
            }
        }
        var noteId = ownedBy(who, note.path("id").asString(""));
        var by = id(note.path("attributedTo"));
        if (!by.equals(who)) {
            throw new UnreadableDelivery("not-the-authors", false);
        }
        var audience = audience(note);
        var parent = id(note.path("inReplyTo"));
        var base = tenants.get(actor.tenant()).address() + "/ap/o/";
        var addressed = parent.startsWith(base)
                || audience == Audience.DIRECT
                || everyone(note).contains(own.uri())
                || mentions(note, own.uri());
        var warning = note.path("summary").asString("");
        return List.of(new Item.Said(
                noteId,
                time(note.path("published")),
                author(actor, who),
                audience,
                parent.isEmpty() ? null : parent,
                text(note),
                warning.isBlank() ? null : plain(warning),
                language(note),
                Peers.link(note.path("url")),
                addressed,
                pictures(note),
                Map.of()));
    }

    private List<Item> updated(Actor actor, String who, String key, JsonNode object) throws UnreadableDelivery {
        var target = ownedBy(who, id(object));
        if (target.equals(who)) {
            try {
                peers.refetch(actor, who);
            } catch (IOException e) {
                throw new UnreadableDelivery("actor-not-fetched", true);
            }
            return List.of();
        }
        var at = object.has("updated") ? time(object.path("updated")) : clock.instant();
        var warning = object.path("summary").asString("");
        return List.of(new Item.Edited(
                key(key, "update", target + " " + at),
                at,
                target,
                text(object),
                warning.isBlank() ? null : plain(warning),
                List.of()));
    }

    private Item follow(Actor actor, Peers.Own own, String who, JsonNode activity) throws UnreadableDelivery {
        if (!id(activity.path("object")).equals(own.uri())) {
            throw new UnreadableDelivery("not-ours", false);
        }
        try {
            var person = peers.person(actor, who).person();
            transactions.run(
                    actor,
                    () -> jdbc.sql("""
                            insert into channel.ap_follower (tenant_id, account_id, actor_hash, sealed, followed_at)
                            values (?, ?, ?, ?, ?)
                            on conflict do nothing
                            """)
                            .params(
                                    actor.tenant().value(),
                                    own.id().value(),
                                    vault.keyedHash(actor, FOLLOWER, who),
                                    vault.sealForTenant(actor, FOLLOWER, who.getBytes(StandardCharsets.UTF_8)),
                                    Timestamp.from(clock.instant()))
                            .update());
            var accept = json.createObjectNode();
            accept.put("@context", "https://www.w3.org/ns/activitystreams");
            accept.put("id", own.uri() + "#accept-" + UUID.nameUUIDFromBytes(who.getBytes(StandardCharsets.UTF_8)));
            accept.put("type", "Accept");
            accept.put("actor", own.uri());
            accept.set("object", activity);
            var answer = peers.post(actor, own, person.inbox(), json.writeValueAsBytes(accept));
            if (answer.status() / 100 == 5) {
                throw new UnreadableDelivery("accept-not-delivered", true);
            }
        } catch (IOException e) {
            throw new UnreadableDelivery("accept-not-delivered", true);
        }
        return new Item.Followed(
                key(activity.path("id").asString(""), "follow", who), clock.instant(), author(actor, who), false);
    }

    private List<Item> undone(Actor actor, Peers.Own own, String who, String key, JsonNode object)
            throws UnreadableDelivery {
        return switch (object.path("type").asString("")) {
            case "Follow" -> {
                transactions.run(
                        actor,
                        () -> jdbc.sql("delete from channel.ap_follower where account_id = ? and actor_hash = ?")
                                .params(own.id().value(), vault.keyedHash(actor, FOLLOWER, who))
                                .update());
                yield List.of(
                        new Item.Followed(key(key, "undo", id(object)), clock.instant(), author(actor, who), true));
            }
            case "Like", "Announce" ->
                List.of(new Item.Reacted(
                        key(key, "undo", id(object)),
                        clock.instant(),
                        author(actor, who),
                        id(object.path("object")),
                        object.path("type").asString("").toLowerCase(java.util.Locale.ROOT),
                        true));
            default -> List.of();
        };
    }

    private Item.Author author(Actor actor, String who) throws UnreadableDelivery {
        try {
            var person = peers.person(actor, who).person();
            return new Item.Author(who, person.handle(), person.name(), person.url(), person.automated());
        } catch (IOException e) {
            throw new UnreadableDelivery("actor-not-fetched", true);
        }
    }

    private static Audience audience(JsonNode note) {
        if (in(note.path("to"), PUBLIC)) {
            return Audience.PUBLIC;
        }
        if (in(note.path("cc"), PUBLIC)) {
            return Audience.UNLISTED;
        }
        var toFollowers = everyone(note).stream().anyMatch(address -> address.endsWith("/followers"));
        return toFollowers ? Audience.FOLLOWERS : Audience.DIRECT;
    }

    /** The short forms of "everyone" are as valid as the long one. */
    private static boolean in(JsonNode addresses, String wanted) {
        for (var address : addresses.isArray() ? addresses : List.of(addresses)) {
            var text = id(address);
            if (text.equals(wanted) || text.equals("as:Public") || text.equals("Public")) {
                return true;
            }
        }
        return false;
    }

    private static Set<String> everyone(JsonNode note) {
        var all = new LinkedHashSet<String>();
        for (var field : List.of("to", "cc", "bto", "bcc", "audience")) {
            var addresses = note.path(field);
            for (var address : addresses.isArray() ? addresses : List.of(addresses)) {
                all.add(id(address));
            }
        }
        return all;
    }

    private static boolean mentions(JsonNode note, String uri) {
        var tags = note.path("tag");
        for (var tag : tags.isArray() ? tags : List.of(tags)) {
            if (tag.path("type").asString("").equals("Mention")
                    && tag.path("href").asString("").equals(uri)) {
                return true;
            }
        }
        return false;
    }

    private Instant time(JsonNode node) {
        try {
            var said = Instant.parse(node.asString(""));
            var now = clock.instant();
            return said.isAfter(now) ? now : said;
        } catch (DateTimeParseException e) {
            return clock.instant();
        }
    }

    private static @Nullable String language(JsonNode note) {
        var map = note.path("contentMap");
        return map.isObject() && !map.isEmpty() ? map.propertyNames().iterator().next() : null;
    }

    private static String text(JsonNode note) {
        var content = note.path("content").asString("");
        if (content.isEmpty()
                && note.path("contentMap").isObject()
                && !note.path("contentMap").isEmpty()) {
            content = note.path("contentMap").iterator().next().asString("");
        }
        var name = note.path("name").asString("");
        return (name.isBlank() ? "" : plain(name) + "\n") + plain(content);
    }

    /** Plain text of somebody's HTML: lines stay lines, links keep their address, nothing else survives. */
    static String plain(String html) {
        var body = Jsoup.parseBodyFragment(html).body();
        body.select("script,style,template,noscript").remove();
        body.select("br").forEach(line -> line.after("\u0001"));
        body.select("p,div,li,blockquote,h1,h2,h3,pre").forEach(block -> block.append("\u0001"));
        for (Element link : body.select("a[href]")) {
            var shown = link.text();
            var address = link.attr("href");
            if (!shown.startsWith("@") && !shown.startsWith("#") && address.matches("https?://.*")) {
                link.text(address);
            }
        }
        var text = body.text()
                .replaceAll(" *\u0001 *", "\n")
                .replaceAll("\n{3,}", "\n\n")
                .strip();
        return text.length() > 20_000 ? text.substring(0, 20_000) : text;
    }

    private List<Attachment> pictures(JsonNode note) {
        var found = new ArrayList<Attachment>();
        var attachments = note.path("attachment");
        for (var each : attachments.isArray() ? attachments : List.of(attachments)) {
            var url = Peers.link(each.path("url"));
            var claimed = each.path("mediaType").asString("");
            if (url == null || found.size() >= MOST_PICTURES || !claimed.startsWith("image/")) {
                continue;
            }
            var description = each.path("name").asString("");
            try {
                var answer = peers.file(url, LARGEST_PICTURE);
                var real = new org.apache.tika.Tika().detect(answer.body());
                if (answer.status() == 200 && real.startsWith("image/") && !real.contains("svg")) {
                    found.add(new Attachment(url, real, description.isBlank() ? null : description, answer.body()));
                }
            } catch (IOException e) {
                // The words are kept without the picture; its address stands in the raw delivery.
                continue;
            }
        }
        return found;
    }

    // ---- saying -------------------------------------------------------------------------------------------------

    @Override
    public SendOutcome send(Actor actor, Account account, Outgoing outgoing) {
        var own = peers.own(actor, account.id());
        var note = note(actor, own, outgoing);
        keep(actor, own.id(), outgoing, note);
        var create = json.createObjectNode();
        create.put("@context", "https://www.w3.org/ns/activitystreams");
        create.put("id", note.path("id").asString("") + "#create");
        create.put("type", "Create");
        create.put("actor", own.uri());
        create.set("published", note.path("published"));
        create.set("to", note.path("to"));
        create.set("cc", note.path("cc"));
        create.set("object", note);
        var body = json.writeValueAsBytes(create);
        var noteId = note.path("id").asString("");
        if (isImaginary(actor, outgoing)) {
            return new SendOutcome.Sent(noteId, noteId);
        }
        List<String> inboxes;
        try {
            inboxes = inboxes(actor, own, outgoing);
        } catch (IOException e) {
            return new SendOutcome.Retry(Duration.ofSeconds(30), "recipient-not-found");
        }
        @Nullable SendOutcome worst = null;
        for (var inbox : inboxes) {
            var outcome = deliver(actor, own, inbox, body);
            if (outcome != null && !(worst instanceof SendOutcome.Retry)) {
                worst = outcome;
            }
        }
        return worst == null
                ? new SendOutcome.Sent(noteId, outgoing.audience() == Audience.DIRECT ? null : noteId)
                : worst;
    }

    /**
     * The demonstration's own imaginary people live on names that RFC 2606 reserves: there is nobody to reach, and
     * nothing leaves this machine. A real person's server never has such a name.
     */
    private boolean isImaginary(Actor actor, Outgoing outgoing) {
        var recipient = outgoing.recipient();
        return recipient != null
                && java.net.URI.create(recipient.key()).getHost() instanceof String host
                && host.endsWith(".example")
                && tenants.get(actor.tenant()).demonstration();
    }

    private @Nullable SendOutcome deliver(Actor actor, Peers.Own own, String inbox, byte[] body) {
        var parked = peers.parked(actor, inbox);
        if (!parked.isZero()) {
            return new SendOutcome.Retry(parked, "host-parked");
        }
        try {
            var answer = peers.post(actor, own, inbox, body);
            var status = answer.status();
            if (status / 100 == 2) {
                return null;
            }
            if (status == 429) {
                return new SendOutcome.Retry(retryAfter(answer), "too-many");
            }
            if (status / 100 == 5) {
                peers.failed(actor, inbox);
                return new SendOutcome.Retry(retryAfter(answer), "peer-error");
            }
            return new SendOutcome.Refused(status == 404 || status == 410 ? "recipient-gone" : "peer-refused");
        } catch (SafeFetcher.Unreachable e) {
            return new SendOutcome.Refused("peer-not-allowed");
        } catch (IOException e) {
            peers.failed(actor, inbox);
            return new SendOutcome.Retry(Duration.ofSeconds(10), "peer-silent");
        }
    }

    private static Duration retryAfter(SafeFetcher.Answer answer) {
        var said = answer.header("retry-after");
        return said.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(said)) : Duration.ofSeconds(10);
    }

    private List<String> inboxes(Actor actor, Peers.Own own, Outgoing outgoing) throws IOException {
        var to = new LinkedHashSet<String>();
        var recipient = outgoing.recipient();
        if (recipient != null) {
            to.add(peers.person(actor, recipient.key()).person().inbox());
        }
        if (outgoing.audience() != Audience.DIRECT && outgoing.inReplyTo() == null) {
            for (var follower : followers(actor, own.id())) {
                var person = peers.person(actor, follower).person();
                var shared = person.sharedInbox();
                to.add(shared == null ? person.inbox() : shared);
            }
        }
        return List.copyOf(to);
    }

    private List<String> followers(Actor actor, AccountId account) {
        return transactions.read(
                actor,
                () -> jdbc.sql("select sealed from channel.ap_follower where account_id = ?")
                        .param(account.value())
                        .query((row, n) -> new String(
                                vault.openForTenant(actor, FOLLOWER, row.getBytes(1)), StandardCharsets.UTF_8))
                        .list());
    }

    private ObjectNode note(Actor actor, Peers.Own own, Outgoing outgoing) {
        var tenant = tenants.get(actor.tenant());
        var note = json.createObjectNode();
        note.put("@context", "https://www.w3.org/ns/activitystreams");
        note.put("id", tenant.address() + "/ap/o/" + outgoing.id());
        note.put("type", "Note");
        note.put("attributedTo", own.uri());
        var parent = outgoing.inReplyTo();
        if (parent != null) {
            note.put("inReplyTo", parent);
        }
        note.put(
                "published",
                clock.instant()
                        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                        .toString());
        var warning = outgoing.warning();
        if (warning != null) {
            note.put("summary", warning);
            note.put("sensitive", true);
        }
        var recipient = outgoing.recipient();
        var content = html(outgoing.text(), recipient);
        note.put("content", content);
        note.putObject("contentMap").put(outgoing.language(), content);
        var to = note.putArray("to");
        var cc = note.putArray("cc");
        var followers = own.uri() + "/followers";
        switch (outgoing.audience()) {
            case PUBLIC -> {
                to.add(PUBLIC);
                cc.add(followers);
            }
            case UNLISTED -> {
                to.add(followers);
                cc.add(PUBLIC);
            }
            case FOLLOWERS -> to.add(followers);
            case DIRECT -> {}
        }
        var tags = note.putArray("tag");
        if (recipient != null) {
            (outgoing.audience() == Audience.DIRECT ? to : cc).add(recipient.key());
            tags.addObject().put("type", "Mention").put("href", recipient.key()).put("name", recipient.handle());
        }
        return note;
    }

    /** Our own words as the small HTML the network speaks; every character of them is text. */
    static String html(String text, Outgoing.@Nullable Recipient recipient) {
        var escaped = org.springframework.web.util.HtmlUtils.htmlEscape(text, "UTF-8");
        var linked = escaped.replaceAll("(https?://[^\\s&lt;]+)", "<a href=\"$1\" rel=\"nofollow noopener\">$1</a>");
        var mention = recipient == null
                ? ""
                : "<a class=\"u-url mention\" href=\""
                        + org.springframework.web.util.HtmlUtils.htmlEscape(recipient.key(), "UTF-8") + "\">"
                        + org.springframework.web.util.HtmlUtils.htmlEscape(recipient.handle(), "UTF-8") + "</a> ";
        return "<p>" + mention + linked.replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>";
    }

    private void keep(Actor actor, AccountId account, Outgoing outgoing, ObjectNode note) {
        transactions.run(
                actor,
                () -> jdbc.sql("""
                        insert into channel.ap_object (tenant_id, id, account_id, sealed, open, published_at)
                        values (?, ?, ?, ?, ?, ?)
                        on conflict do nothing
                        """)
                        .params(
                                actor.tenant().value(),
                                outgoing.id().value(),
                                account.value(),
                                vault.sealForTenant(actor, OBJECT, json.writeValueAsBytes(note)),
                                outgoing.audience() == Audience.PUBLIC || outgoing.audience() == Audience.UNLISTED,
                                Timestamp.from(clock.instant()))
                        .update());
    }
}
