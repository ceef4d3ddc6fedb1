// SPDX-License-Identifier: Apache-2.0
package id.kentongan.casework.internal;

import id.kentongan.channel.Audience;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.inbox.ConversationView;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.Conversations.MessageContent;
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

    /** The same without anything added. */
    @Nullable
    MessageId officially(Actor actor, CaseBook.Row row, String text, String key) {
        return officially(actor, row, text, null, key);
    }

    /**
     * Says it in the officer's name in every conversation of the case.
     *
     * @param announced what the platform adds, or null; where the network takes no more letters it is said apart
     * @param key the same one twice says it once
     * @return the first of what was sent, or null when there was nobody to tell
     */
    @Nullable
    MessageId officially(Actor actor, CaseBook.Row row, String text, @Nullable String announced, String key) {
        MessageId said = null;
        var apart = false;
        for (var conversation : book.conversationsOf(row.id())) {
            var view = conversations
                    .accessible(actor, conversation)
                    .orElseThrow(() -> Refusal.notFound().asException());
            var target = target(row, view);
            if (target.isPresent()) {
                var whole = announced == null ? text.strip() : text.strip() + "\n\n" + announced;
                var fits = target.get().answering().broken(whole).isEmpty();
                apart |= !fits && announced != null;
                var sent = conversations.reply(
                        actor,
                        conversation,
                        target.get().code(),
                        fits ? whole : text,
                        key + ":" + conversation,
                        null,
                        row.reporter());
                said = said == null ? sent : said;
            }
        }
        if (apart && announced != null) {
            newestOfReporter(actor, row)
                    .ifPresent(about -> automatically(
                            actor, row, about, new Automatic(Audience.DIRECT, announced), key + ":announced"));
        }
        return said;
    }

    /** Where the newest question was asked, private in private; what is confidential is never answered in public. */
    private static Optional<ConversationView.ReplyTarget> target(CaseBook.Row row, ConversationView view) {
        return view.replyTargets().stream()
                .filter(target -> !row.confidential() || target.audience() == Audience.DIRECT)
                .findFirst();
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
