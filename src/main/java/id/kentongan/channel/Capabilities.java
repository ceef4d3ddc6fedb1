// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can and cannot be done on a network with one account. The engine keeps to it and the screens say it: nobody
 * discovers it by failing.
 *
 * @param publicAnswer an answer that others can read too, or null where there is none
 * @param privateAnswer a private answer to what was said in private, or null
 * @param aside a private answer to what was said in public, or null
 * @param edit how what was said is said anew, or null where it cannot be
 * @param withdrawal how it is taken back, or null
 * @param doubt what helps when nobody knows whether a message was taken
 * @param perMinute how many messages an account may send in a minute; 0 is without limit
 */
public record Capabilities(
        @Nullable Answering publicAnswer,
        @Nullable Answering privateAnswer,
        @Nullable Answering aside,
        @Nullable Change edit,
        @Nullable Change withdrawal,
        Doubt doubt,
        int perMinute) {
    /**
     * How one kind of answer is made.
     *
     * @param text all of these hold at once (Bluesky counts graphemes and bytes)
     * @param media empty for words alone
     * @param window how long after what it answers an answer is taken, or null without end
     */
    public record Answering(
            List<TextLimit> text,
            List<MediaLimit> media,
            @Nullable Duration window) {
        public Answering {
            text = List.copyOf(text);
            media = List.copyOf(media);
            if (text.isEmpty()) {
                throw new IllegalArgumentException("How long may it be?");
            }
        }

        /** The limit that the text breaks, or empty. */
        public Optional<TextLimit> broken(String words) {
            return text.stream().filter(limit -> !limit.holds(words)).findFirst();
        }

        public Optional<MediaLimit> pictures() {
            return media.stream()
                    .filter(each -> each.kind() == MediaLimit.Kind.IMAGE)
                    .findFirst();
        }
    }

    /**
     * A change of what was sent. Made twice it must end as made once: the engine repeats one whose outcome is unknown.
     *
     * @param within how long after it was sent, or null without end
     */
    public record Change(@Nullable Duration within) {
        public static final Change ALWAYS = new Change(null);

        public boolean possible(Instant sent, Instant now) {
            return within == null || now.isBefore(sent.plus(within));
        }
    }

    /**
     * What may be done about a message of which nobody knows whether the network took it: say it again where that says
     * nothing twice, else read whether it is there, else nothing but ask an officer.
     *
     * @param harmlessFor how long after the first attempt the same message may be sent again and is not said twice
     *     (the network keeps its idempotency key so long); zero where never
     * @param readable whether {@code ChannelAdapter.find} can tell
     */
    public record Doubt(Duration harmlessFor, boolean readable) {
        /** A repetition is the same message for ever: it has an id of our own making. */
        public static final Doubt HARMLESS = new Doubt(Duration.ofDays(36_500), false);

        public static final Doubt READABLE = new Doubt(Duration.ZERO, true);
        /** Neither key nor reading: it stands as unknown until an officer settles it. */
        public static final Doubt LASTING = new Doubt(Duration.ZERO, false);

        public boolean harmless(Instant since, Instant now) {
            return now.isBefore(since.plus(harmlessFor));
        }
    }

    /** How an answer for that audience is made, whatever it answers; empty where the network has none. */
    public Optional<Answering> answering(Audience answer) {
        return answering(Audience.DIRECT, answer).or(() -> answering(Audience.PUBLIC, answer));
    }

    /** How an answer to such words is made for that audience, or empty where the network has none. */
    public Optional<Answering> answering(Audience question, Audience answer) {
        return Optional.ofNullable(
                answer != Audience.DIRECT ? publicAnswer : question == Audience.DIRECT ? privateAnswer : aside);
    }
}
