// SPDX-License-Identifier: Apache-2.0
package id.kentongan.peers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A foreign fediverse server with its people, as their own screens would show it. */
interface CitizensServer extends AutoCloseable {
    /** @param parent id of the message answered, or null @param direct whether only its reader sees it */
    record Shown(String id, @Nullable String parent, String text, boolean direct) {}

    /** Says something to the account, under the post or message when one is named; returns its id. */
    String say(String user, String text, String account, @Nullable String under, boolean direct);

    void edit(String user, String id, String text);

    void delete(String user, String id);

    /** Whether it tells those a message was said to that it was deleted. */
    default boolean tellsOfDeletions() {
        return true;
    }

    /** Asks to follow the account. */
    void follow(String user, String account);

    /** What the person sees from others. */
    List<Shown> seenBy(String user);

    /** Whether the person's server shows them as following. */
    boolean follows(String user, String account);

    /** Where a browser shows what was said there, with the answers below it. */
    String page(String id);

    @Override
    void close();
}
