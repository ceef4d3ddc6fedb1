// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox;

import id.kentongan.channel.Audience;
import id.kentongan.channel.OutgoingStatus;
import id.kentongan.kernel.OfficerId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message, note or event line of a conversation as the actor may see it.
 *
 * @param owners whether the one whose conversation it is said it; in public, others may join a thread
 * @param text plain text, or null when its content was destroyed
 * @param earlier earlier wordings, oldest first, when it was edited
 * @param deletedAt when its author deleted it; of our own, when it was withdrawn: its words stay on record here
 * @param status of an outgoing message on its way
 * @param change the same of its newest correction or withdrawal, or null
 * @param correctable whether it can be said anew where it went
 * @param withdrawable whether it can be taken back there
 * @param beside what came with a letter beside its words
 */
public record MessageView(
        MessageId id,
        Direction direction,
        Instant at,
        Audience audience,
        String authorName,
        boolean owners,
        @Nullable OfficerId officer,
        boolean automatic,
        @Nullable String text,
        @Nullable String warning,
        @Nullable String url,
        List<String> earlier,
        @Nullable Instant editedAt,
        @Nullable Instant deletedAt,
        List<File> files,
        @Nullable OutgoingStatus status,
        @Nullable OutgoingStatus change,
        boolean correctable,
        boolean withdrawable,
        Beside beside) {
    public MessageView(
            MessageId id,
            Direction direction,
            Instant at,
            Audience audience,
            String authorName,
            boolean owners,
            @Nullable OfficerId officer,
            boolean automatic,
            @Nullable String text,
            @Nullable String warning,
            @Nullable String url,
            List<String> earlier,
            @Nullable Instant editedAt,
            @Nullable Instant deletedAt,
            List<File> files,
            @Nullable OutgoingStatus status,
            @Nullable OutgoingStatus change,
            boolean correctable,
            boolean withdrawable) {
        this(
                id,
                direction,
                at,
                audience,
                authorName,
                owners,
                officer,
                automatic,
                text,
                warning,
                url,
                earlier,
                editedAt,
                deletedAt,
                files,
                status,
                change,
                correctable,
                withdrawable,
                Beside.NONE);
    }

    /**
     * What came with a letter beside its words; nothing for whoever may not know who wrote it.
     *
     * @param folded what its writer's program added: the letter it answers, a signature
     * @param hidden what stood in it so that no reader would see it
     * @param notes what is to be known about how it came: a code each, facts after tabs
     */
    public record Beside(String folded, String hidden, List<String> notes) {
        public static final Beside NONE = new Beside("", "", List.of());
    }

    /** Of our own: whether it is taken back. */
    public boolean withdrawn() {
        return direction == Direction.OUT && deletedAt != null;
    }

    public enum Direction {
        IN,
        OUT,
        NOTE
    }

    /** @param index position to fetch the file by */
    public record File(
            int index, String mediaType, @Nullable String description, long size) {}
}
