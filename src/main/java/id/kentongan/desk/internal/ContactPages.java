// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.casework.Cases;
import id.kentongan.desk.internal.InboxLists.Row;
import id.kentongan.desk.internal.PersonCards.Known;
import id.kentongan.desk.internal.PersonCards.Left;
import id.kentongan.inbox.ContactId;
import id.kentongan.inbox.Contacts;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.ConversationRow;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.Person;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.policy.Rules;
import id.kentongan.site.Dates;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Everything of a person the reader may see, with what speaks for others being the same one. */
@Component
class ContactPages {
    private static final int CONVERSATIONS = 20;
    private static final int CASES = 50;
    private static final int CANDIDATES = 8;
    static final int LONGEST_SEARCH = 200;

    private final Contacts contacts;
    private final Conversations conversations;
    private final Cases cases;
    private final PersonCards cards;
    private final InboxLists lists;
    private final CaseController caseLines;
    private final Rules rules;
    private final Dates dates;
    private final Say say;

    ContactPages(
            Contacts contacts,
            Conversations conversations,
            Cases cases,
            PersonCards cards,
            InboxLists lists,
            CaseController caseLines,
            Rules rules,
            Dates dates,
            Say say) {
        this.contacts = contacts;
        this.conversations = conversations;
        this.cases = cases;
        this.cards = cards;
        this.lists = lists;
        this.caseLines = caseLines;
        this.rules = rules;
        this.dates = dates;
        this.say = say;
    }

    /**
     * @param path address of this page, below which its forms go
     * @param known the one whose conversation it is first
     * @param left numbers and addresses, masked but for one that was asked for
     * @param mayJoin whether the reader may say who is one person with whom
     * @param search what was looked for, or empty
     */
    record ContactPage(
            String title,
            String path,
            String back,
            List<Known> known,
            List<Left> left,
            List<CaseController.CaseLine> cases,
            List<Row> conversations,
            @Nullable String more,
            boolean mayJoin,
            List<Suggested> suggestions,
            String search,
            List<Candidate> candidates,
            List<Told> history) {}

    record Suggested(Known known, String because) {}

    /** @param conversation id of a conversation of theirs */
    record Candidate(String conversation, String who, String title, Row row) {}

    /** What was joined or split, in a sentence. @param joining its id while it stands, or null */
    record Told(String sentence, String when, @Nullable String joining) {}

    /** Empty where the reader may read the conversation and not who has written it. */
    Optional<ContactPage> page(
            Actor actor,
            People people,
            ConversationId id,
            String search,
            @Nullable String after,
            Map<String, Left> whole) {
        var person = contacts.of(actor, id).orElse(null);
        if (person == null) {
            return Optional.empty();
        }
        var calendar = rules.calendar(actor);
        var anywhere = InboxQuery.of(null, null, null, null);
        var others = contacts.conversations(actor, id, after, CONVERSATIONS);
        var own = person.identities().stream().map(Person.Identity::contact).collect(Collectors.toSet());
        var mayJoin = Access.mayCoordinate(actor);
        var next = others.next();
        return Optional.of(new ContactPage(
                say.it(
                        "desk.contact.title",
                        cards.known(person.identities().getFirst()).name()),
                PersonCards.page(id),
                "/desk/percakapan/" + id,
                person.identities().stream().map(cards::known).toList(),
                left(actor, id, whole),
                cases.ofReporters(actor, own, CASES).stream()
                        .map(each -> caseLines.line(each, people, calendar))
                        .toList(),
                others.items().stream()
                        .map(each -> lists.row(people, each, calendar, anywhere, null))
                        .toList(),
                next == null
                        ? null
                        : PersonCards.page(id) + "?sesudah=" + URLEncoder.encode(next, StandardCharsets.UTF_8),
                mayJoin,
                person.suggestions().stream()
                        .map(each -> new Suggested(cards.known(each.identity()), cards.because(each.because())))
                        .toList(),
                search,
                mayJoin ? candidates(actor, people, search, own) : List.of(),
                history(people, person)));
    }

    private List<Left> left(Actor actor, ConversationId id, Map<String, Left> whole) {
        return cards.of(actor, id).map(PersonCards.PersonCard::left).orElse(List.of()).stream()
                .map(each -> whole.getOrDefault(each.id(), each))
                .toList();
    }

    /** The whole of what this message left; asking for it is recorded. */
    Optional<Left> whole(Actor actor, ConversationId id, MessageId message) {
        return contacts.reach(actor, id).stream()
                .filter(each -> each.message().equals(message))
                .findFirst()
                .flatMap(each -> contacts.reach(actor, id, message).map(value -> cards.whole(each, value)));
    }

    private List<Candidate> candidates(Actor actor, People people, String search, java.util.Set<ContactId> own) {
        if (search.isBlank()) {
            return List.of();
        }
        var calendar = rules.calendar(actor);
        var anywhere = InboxQuery.of(null, null, null, null);
        return conversations.search(actor, search, null, CANDIDATES).items().stream()
                .filter(each -> conversations
                        .owner(actor, each.id())
                        .filter(owner -> !own.contains(owner))
                        .isPresent())
                .map(each -> candidate(each, lists.row(people, each, calendar, anywhere, null)))
                .toList();
    }

    private Candidate candidate(ConversationRow each, Row row) {
        var mark = each.mark();
        return new Candidate(
                each.id().toString(),
                lists.who(each),
                mark == null ? row.title() : mark.publicNumber() + " · " + row.title(),
                row);
    }

    /** Two sentences of a joining that was split: what was done last stands first. */
    private List<Told> history(People people, Person person) {
        var names = new HashMap<ContactId, String>();
        person.identities()
                .forEach(each -> names.put(each.contact(), cards.known(each).name()));
        person.suggestions()
                .forEach(each -> names.put(
                        each.identity().contact(), cards.known(each.identity()).name()));
        return person.joinings().stream()
                .flatMap(each -> {
                    var one = names.getOrDefault(each.one(), say.it("desk.contact.somebody"));
                    var other = names.getOrDefault(each.other(), say.it("desk.contact.somebody"));
                    var joined = new Told(
                            say.it(
                                    "desk.contact.joined",
                                    people.name(each.by()),
                                    one,
                                    other,
                                    cards.because(each.because())),
                            dates.near(each.at()),
                            each.splitAt() == null ? each.id().toString() : null);
                    var splitAt = each.splitAt();
                    return splitAt == null
                            ? java.util.stream.Stream.of(joined)
                            : java.util.stream.Stream.of(
                                    new Told(
                                            say.it("desk.contact.split", people.name(each.splitBy()), one, other),
                                            dates.near(splitAt),
                                            null),
                                    joined);
                })
                .toList();
    }

    /** The owner of a conversation that was chosen from a list. */
    ContactId owner(Actor actor, ConversationId id) {
        return conversations
                .owner(actor, id)
                .orElseThrow(() -> Refusal.notFound().asException());
    }
}
