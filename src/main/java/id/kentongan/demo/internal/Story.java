// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseKind;
import id.kentongan.channel.Account;
import id.kentongan.channel.Audience;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Item;
import id.kentongan.channel.Network;
import id.kentongan.channel.spi.ReceivedItem;
import id.kentongan.inbox.CaseMark;
import id.kentongan.inbox.ConversationId;
import id.kentongan.kernel.Ids;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One person, what they brought up, and how far it has come. Its course is thrown with dice of its own and never
 * depends on what came of an earlier step, so that after an interruption it goes on as it would have without one.
 */
final class Story {
    final int number;
    final Random dice;
    final Words.Subject subject;
    final Words.Line line;
    final Voice.Place place;
    final Account account;
    final Item.Author author;
    final Audience audience;
    final String key;
    private int said;
    private int passed;
    private Told told;

    /**
     * What is remembered of it.
     *
     * @param steps how many of its steps were told
     * @param confidential whether its case is the circle's alone
     */
    record Told(
            int number,
            int steps,
            @Nullable ConversationId conversation,
            @Nullable CaseId found,
            boolean confidential) {
        Told withConversation(@Nullable ConversationId id) {
            return new Told(number, steps, id, found, confidential);
        }

        Told withCase(CaseId id, boolean secret) {
            return new Told(number, steps, conversation, id, secret);
        }

        Told withSteps(int count) {
            return new Told(number, count, conversation, found, confidential);
        }
    }

    Story(
            int number,
            Random dice,
            Words.Subject subject,
            Words.Line line,
            Voice.Place place,
            Account account,
            Item.Author author,
            Audience audience,
            String key) {
        this.number = number;
        this.dice = dice;
        this.subject = subject;
        this.line = line;
        this.place = place;
        this.account = account;
        this.author = author;
        this.audience = audience;
        this.key = key;
        this.told = new Told(number, 0, null, null, false);
    }

    Told told() {
        return told;
    }

    /** It is where it was left, or where a step that failed had found it. */
    void standsAt(Told where) {
        told = where;
    }

    /** Goes one step on; says whether that step was told before. */
    boolean passesWhatWasTold() {
        return ++passed <= told.steps();
    }

    /** The step it came to is told; what is to be remembered. */
    Told nowTold() {
        told = told.withSteps(passed);
        return told;
    }

    /** Whether nothing but its first words was told. */
    boolean justBegun() {
        return told.steps() == 1;
    }

    void isIn(@Nullable ConversationId conversation) {
        told = told.withConversation(conversation);
    }

    void isCase(CaseId found) {
        told = told.withCase(found, told.confidential());
    }

    void isCase(@Nullable CaseMark mark) {
        if (mark != null) {
            told = told.withCase(new CaseId(mark.caseId()), mark.confidential());
        }
    }

    boolean hasCase() {
        return told.found() != null;
    }

    CaseId found() {
        var found = told.found();
        if (found == null) {
            throw new IllegalStateException("No case yet");
        }
        return found;
    }

    ConversationId conversation() {
        var conversation = told.conversation();
        if (conversation == null) {
            throw new IllegalStateException("No conversation yet");
        }
        return conversation;
    }

    boolean form() {
        return account.network() == Network.WEB;
    }

    boolean secret() {
        return subject.kind() == CaseKind.WHISTLE_BLOWING || told.confidential();
    }

    /** What it is when an officer opens it by hand. */
    CaseKind kind() {
        var kind = subject.kind();
        return kind == null ? CaseKind.INFORMATION_REQUEST : kind;
    }

    String agency() {
        var other = line.agency();
        if (other != null) {
            return other;
        }
        var own = subject.agency();
        return own == null ? "diskominfo" : own;
    }

    /** Answers that fit what was asked. */
    List<String> answers() {
        return line.answers().isEmpty() ? subject.answers() : line.answers();
    }

    /** What is sent twice by this key is sent once. */
    String onceKey() {
        return "demo-" + number + "-" + passed;
    }

    ReceivedItem opens(Instant at, String text, Map<String, String> hints) {
        return says(key, at, null, text, hints);
    }

    ReceivedItem adds(Instant at, String text) {
        var conversation = told.conversation();
        return says(
                key + "-" + ++said,
                at,
                audience == Audience.DIRECT ? null : key,
                text,
                form() && conversation != null ? Map.of("conversation", conversation.toString()) : Map.of());
    }

    private ReceivedItem says(String id, Instant at, @Nullable String under, String text, Map<String, String> hints) {
        var language = line.manner().contains("jawa") ? "jv" : line.manner().contains("sunda") ? "su" : "id";
        return new ReceivedItem(
                account.id(),
                account.network(),
                new DeliveryId(Ids.at(at)),
                new Item.Said(
                        id,
                        at,
                        author,
                        audience,
                        under,
                        text,
                        null,
                        language,
                        form() ? null : id,
                        true,
                        List.of(),
                        hints));
    }

    <T> T any(List<T> from) {
        return from.get(dice.nextInt(from.size()));
    }

    /** Whether what happens so often in a hundred times happens. */
    boolean happens(int often) {
        return dice.nextInt(100) < often;
    }
}
