// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an adapter reads out of a raw delivery. Remote keys are the network's own ids, unique within the account;
 * duplicates and any order of arrival must end in the same state.
 */
public sealed interface Item {
    /** The key of this very item; a second one with the same key changes nothing. */
    String remoteKey();

    Instant at();

    /**
     * Somebody said something to or about us.
     *
     * @param parentKey the message it answers, or null
     * @param text plain text, already cleaned
     * @param warning content warning, or null
     * @param language BCP 47 tag if the network says one
     * @param url where people see it, or null
     * @param addressed whether it is meant for us (mentions us, answers us, is private to us, came by our form);
     *     what is not is context only and opens nothing
     * @param hints facts the citizen gave in a form, all optional: {@code kind} (a code of {@code casework.CaseKind}),
     *     {@code identity} ({@code open}, {@code anonymous}, {@code confidential}), {@code district} and
     *     {@code village} (official codes), {@code landmark}, {@code lat} and {@code lon} (decimal degrees),
     *     {@code name}, {@code contact} (phone or mail),
     *     {@code language} (of the page it was written on), {@code secret} (the token of the secret link the form has
     *     already shown: the case opened from this message takes it instead of making one); of a letter those named
     *     below
     * @param thread on a network where one person has several private conversations (mail), what tells them apart;
     *     null where all that one person says to us in private is one
     */
    record Said(
            String remoteKey,
            Instant at,
            Author author,
            Audience audience,
            @Nullable String parentKey,
            String text,
            @Nullable String warning,
            @Nullable String language,
            @Nullable String url,
            boolean addressed,
            List<Attachment> attachments,
            Map<String, String> hints,
            @Nullable String thread)
            implements Item {
        /** What a letter is called, without marks of answering. */
        public static final String SUBJECT = "subject";
        /** What its writer's program added: the letter it answers, a signature. */
        public static final String FOLDED = "folded";
        /** What stood in it so that no reader would see it. */
        public static final String HIDDEN = "hidden";
        /** What is to be known about how it came: a code a line, facts after tabs. */
        public static final String NOTES = "notes";
        /** Message-IDs of the letters before it, oldest first. */
        public static final String REFERENCES = "references";

        public Said(
                String remoteKey,
                Instant at,
                Author author,
                Audience audience,
                @Nullable String parentKey,
                String text,
                @Nullable String warning,
                @Nullable String language,
                @Nullable String url,
                boolean addressed,
                List<Attachment> attachments,
                Map<String, String> hints) {
            this(
                    remoteKey,
                    at,
                    author,
                    audience,
                    parentKey,
                    text,
                    warning,
                    language,
                    url,
                    addressed,
                    attachments,
                    hints,
                    null);
        }
    }

    /**
     * A message was changed by its author; {@code targetKey} names it.
     *
     * @param authorKey who changed it: of nobody else's words is it an edit; null where the network itself sees to that
     * @param message all of it as it stands now, when it is meant for us: taken in where it was not, or not as meant
     *     for us; otherwise null
     */
    record Edited(
            String remoteKey,
            Instant at,
            @Nullable String authorKey,
            String targetKey,
            String text,
            @Nullable String warning,
            List<Attachment> attachments,
            @Nullable Said message)
            implements Item {}

    /**
     * A message was deleted by its author or network: its content must be destroyed.
     *
     * @param authorKey who deleted it: nobody else's words go; null where the network itself sees to that
     */
    record Deleted(String remoteKey, Instant at, @Nullable String authorKey, String targetKey) implements Item {}

    /** Like, boost or their undoing, on one of our messages or theirs. */
    record Reacted(String remoteKey, Instant at, Author author, String targetKey, String reaction, boolean undone)
            implements Item {}

    record Followed(String remoteKey, Instant at, Author author, boolean undone) implements Item {}

    /** The author erased their account: everything they said is to be destroyed. */
    record Left(String remoteKey, Instant at, String authorKey) implements Item {}

    /**
     * The network confirms one of ours.
     *
     * @param targetKey remote key of our message
     */
    record Receipt(String remoteKey, Instant at, String targetKey, String state) implements Item {}

    /**
     * The network took one of ours, and tells now that it did not arrive.
     *
     * @param targetKey remote key of our message
     * @param code stable code, also a message key below {@code channel.failure.}
     */
    record Returned(String remoteKey, Instant at, String targetKey, String code) implements Item {}

    /**
     * @param key stable id of the person on the network
     * @param handle as shown, {@code @wati@warga.example}
     * @param automated whether the network marks it as a bot or service; receipts are never sent to those
     */
    record Author(
            String key,
            String handle,
            String name,
            @Nullable String profileUrl,
            boolean automated) {}
}
