// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.casework.CasePlace;
import id.kentongan.channel.Audience;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Conversations.MessageContent;
import id.kentongan.inbox.Conversations.Picture;
import id.kentongan.inbox.MessageId;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Refusal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;

/**
 * What the citizen hears of a case, where they wrote: an officer's own words as an answer, everything else as the
 * platform's. Where nobody's words are left there is nobody to tell, and the tracking page alone has it.
 */
@Component
class Telling {
    private static final Locale INDONESIAN = Locale.of("id");

    private final ActorTransactions transactions;
    private final CaseBook book;
    private final Conversations conversations;
    private final Agencies agencies;
    private final MessageSource texts;

    Telling(
            ActorTransactions transactions,
            CaseBook book,
            Conversations conversations,
            Agencies agencies,
            MessageSource texts) {
        this.transactions = transactions;
        this.book = book;
        this.conversations = conversations;
        this.agencies = agencies;
        this.texts = texts;
    }

    /** Where the reporter can be answered, in each conversation of the case they can be answered in. */
    List<CasePlace> places(Actor actor, CaseBook.Row row) {
        return transactions.read(actor, () -> {
            var spoken = book.newestOfReporter(row.id()).orElse(null);
            return book.conversationsOf(row.id()).stream()
                    .flatMap(each -> place(actor, row, each, spoken).stream())
                    .toList();
        });
    }

    /** What is confidential is never answered in public. */
    private Optional<CasePlace> place(
            Actor actor, CaseBook.Row row, ConversationId conversation, @Nullable MessageId spoken) {
        var owner = conversations.owner(actor, conversation).orElse(null);
        var reporter = row.reporter() == null ? owner : row.reporter();
        if (owner == null || reporter == null) {
            return Optional.empty();
        }
        var found = conversations.answerable(actor, conversation, reporter, spoken);
        return Optional.of(new CasePlace(
                conversation,
                found.network(),
                reporter,
                reporter.equals(owner),
                found.open().stream()
                        .filter(each -> !row.confidential() || each.audience() == Audience.DIRECT)
                        .toList(),
                found.closed()));
    }

    /**
     * What is said in an officer's name.
     *
     * @param target where the officer chose to say it, or null for where the reporter spoke last
     * @param announced what the platform adds, or null; where the network takes no more letters it is said apart
     * @param seenVersion version of the conversation it was written against, or null
     * @param key the same one twice says it once
     */
    record Official(
            String text,
            @Nullable String target,
            @Nullable String announced,
            @Nullable Long seenVersion,
            List<Picture> pictures,
            String key) {
        /** Where the reporter spoke last, and nothing added. */
        static Official of(String text, String key) {
            return new Official(text, null, null, null, List.of(), key);
        }
    }

    /**
     * Says it in the officer's name in every conversation of the case.
     *
     * @return the first of what was sent, or null when there was nobody to tell
     */
    @Nullable
    MessageId officially(Actor actor, CaseBook.Row row, Official said) {
        var places = places(actor, row);
        if (places.size() < book.conversationsOf(row.id()).size()) {
            throw Refusal.notFound().asException();
        }
        var chosen = said.target();
        if (chosen != null
                && places.stream().noneMatch(each -> each.target(chosen).isPresent())) {
            throw Refusal.invalid("inbox.no-such-target").asException();
        }
        MessageId sent = null;
        var apart = false;
        var announced = said.announced();
        for (var place : places) {
            var target = place.where(chosen);
            if (target.isPresent()) {
                var text = said.text().strip();
                var whole = announced == null ? text : text + "\n\n" + announced;
                var fits = target.get().answering().broken(whole).isEmpty();
                apart |= !fits && announced != null;
                var one = conversations.reply(
                        actor,
                        place.conversation(),
                        target.get().code(),
                        fits ? whole : text,
                        said.key() + ":" + place.conversation(),
                        said.seenVersion(),
                        place.reporter(),
                        said.pictures());
                sent = sent == null ? one : sent;
            }
        }
        if (apart && announced != null) {
            newestOfReporter(actor, row)
                    .ifPresent(about -> automatically(
                            actor, row, about, new Automatic(Audience.DIRECT, announced), said.key() + ":announced"));
        }
        return sent;
    }

    /** @param text in the reporter's language */
    record Automatic(Audience audience, String text) {}

    /** The newest words of the reporter in this case, to be answered by the platform. */
    Optional<MessageContent> newestOfReporter(Actor actor, CaseBook.Row row) {
        var system = CaseSteps.system(actor);
        return transactions.read(
                system,
                () -> book.newestOfReporter(row.id())
                        .flatMap(message -> conversations.contents(system, List.of(message)).stream()
                                .findFirst()));
    }

    /** Says it as the platform, there and to whom the newest words came from. */
    boolean automatically(Actor actor, CaseBook.Row row, MessageContent about, Automatic said, String key) {
        var system = CaseSteps.system(actor);
        return transactions.write(
                system,
                () -> conversations
                        .replyAutomatically(
                                system,
                                about.conversation(),
                                about.message(),
                                row.confidential() ? Audience.DIRECT : said.audience(),
                                said.text(),
                                key)
                        .isPresent());
    }

    /** As a sentence among others. */
    static String sentence(String words) {
        var stripped = words.strip();
        return stripped.matches("(?s).*[.!?)]") ? stripped : stripped + ".";
    }

    /** The language the reporter wrote in, if it is one of ours. */
    Locale language(Actor actor, CaseBook.Row row) {
        return newestOfReporter(actor, row).map(Telling::language).orElse(INDONESIAN);
    }

    static Locale language(MessageContent content) {
        return "en".equals(content.language()) ? Locale.ENGLISH : INDONESIAN;
    }

    String text(Locale locale, String key, Object... arguments) {
        return texts.getMessage(key, arguments, locale);
    }

    static String day(Locale locale, LocalDate day) {
        return DateTimeFormatter.ofPattern("EEEE, d MMMM yyyy", locale).format(day);
    }

    /** Who has the case, as citizens know them. */
    String who(Actor actor, Locale locale, @Nullable AgencyId agency) {
        return Optional.ofNullable(agency)
                .flatMap(id -> agencies.find(CaseSteps.system(actor), id))
                .map(Agency::shortName)
                .orElseGet(() -> text(locale, "casework.receipt.we"));
    }
}
