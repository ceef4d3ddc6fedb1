// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.channel.Network;
import id.kentongan.inbox.Contacts;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Person;
import id.kentongan.kernel.Actor;
import id.kentongan.site.Dates;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Whose conversation it is, in short: how else they are known and reached, and what they wrote before. */
@Component
class PersonCards {
    private static final int EARLIER = 4;

    private final Contacts contacts;
    private final Dates dates;
    private final Say say;

    PersonCards(Contacts contacts, Dates dates, Say say) {
        this.contacts = contacts;
        this.dates = dates;
        this.say = say;
    }

    /**
     * @param href the page of the person
     * @param known how else they are known
     * @param suggestions how many may be the same person
     */
    record PersonCard(
            String href, List<Known> known, List<Left> left, List<Earlier> earlier, boolean more, int suggestions) {
        /** For the page: nothing is known but the name above the thread. */
        public boolean empty() {
            return known.isEmpty() && left.isEmpty() && earlier.isEmpty() && suggestions == 0;
        }
    }

    /** @param contact the contact's id @param href their newest conversation, or null */
    record Known(
            String contact,
            String icon,
            String network,
            String name,
            @Nullable String href,
            @Nullable String number) {}

    /** @param id of the element that the whole replaces @param href where the whole of it is, or null when this is it */
    record Left(
            String id,
            String icon,
            String text,
            @Nullable String href,
            @Nullable String link) {}

    record Earlier(
            String href,
            String icon,
            String network,
            @Nullable String number,
            String title,
            String when) {}

    Optional<PersonCard> of(Actor actor, ConversationId id) {
        return contacts.of(actor, id).map(person -> {
            var others = contacts.conversations(actor, id, null, EARLIER);
            return new PersonCard(
                    page(id),
                    known(person),
                    person.reach().stream().map(this::left).toList(),
                    others.items().stream().map(this::earlier).toList(),
                    others.next() != null,
                    person.suggestions().size());
        });
    }

    List<Left> left(Actor actor, ConversationId id) {
        return contacts.reach(actor, id).stream().map(this::left).toList();
    }

    static String page(ConversationId id) {
        return "/desk/percakapan/" + id + "/kontak";
    }

    /** Everybody but the one whose conversation it is. */
    List<Known> known(Person person) {
        return person.identities().stream()
                .filter(each -> !each.contact().equals(person.contact()))
                .map(this::known)
                .toList();
    }

    Known known(Person.Identity each) {
        var newest = each.newest();
        return new Known(
                each.contact().toString(),
                InboxLists.icon(each.network()),
                say.it("desk.network." + each.network().code()),
                name(each),
                newest == null ? null : "/desk/percakapan/" + newest,
                each.caseNumber());
    }

    private String name(Person.Identity each) {
        if (!each.name().isBlank()) {
            return each.name();
        }
        if (each.network() != Network.WEB) {
            return say.it("desk.person.gone");
        }
        return say.it(each.newest() == null ? "desk.person.by-link" : "desk.row.citizen");
    }

    private Left left(Person.Reach each) {
        return new Left(
                "left-" + each.message(),
                icon(each),
                each.masked(),
                page(each.conversation()) + "/" + each.message(),
                null);
    }

    /** The whole of it, to call or to write to. */
    Left whole(Person.Reach each, String value) {
        var link = switch (each.kind()) {
            case PHONE -> "tel:" + value.replaceAll("[^+0-9]", "");
            case MAIL -> value.matches("[A-Za-z0-9.!#$%&'*+/=^_`{|}~@-]+") ? "mailto:" + value : null;
            case OTHER -> null;
        };
        return new Left("left-" + each.message(), icon(each), value, null, link);
    }

    private static String icon(Person.Reach each) {
        return switch (each.kind()) {
            case PHONE -> "phone";
            case MAIL -> "mail";
            case OTHER -> "person";
        };
    }

    private Earlier earlier(ConversationRow row) {
        var mark = row.mark();
        return new Earlier(
                "/desk/percakapan/" + row.id(),
                InboxLists.icon(row.network()),
                say.it("desk.network." + row.network().code()),
                mark == null ? null : mark.publicNumber(),
                row.preview().isBlank() ? say.it("desk.row.no-words") : Threads.withoutSecrets(row.preview()),
                dates.near(row.lastAt()));
    }

    /** Why two may be one person, in words. */
    String because(Person.Because because) {
        return say.it("desk.contact.because."
                + because.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
