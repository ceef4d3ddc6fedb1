// SPDX-License-Identifier: Apache-2.0
package id.kentongan.inbox.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.TenantId;
import id.kentongan.privacy.Vault;
import java.util.Arrays;
import java.util.Base64;
import org.springframework.stereotype.Component;

/**
 * The words of messages as they stand in the search rows: not the words, but their hashes under the tenant's key. Who
 * holds the database or a backup of it reads no citizen's words there, and guesses none without the key. What is asked
 * for is hashed the same way, so that searching stays what it was: whole words, in their exact form or as their stem.
 */
@Component
class SearchWords {
    static final String PURPOSE = "inbox.message_search.words";

    /** Among a million different words two that are taken for one are not to be expected. */
    private static final int BYTES = 8;

    /** Most of what people write is the same few thousand words. */
    private static final int REMEMBERED = 20_000;

    private final Vault vault;
    private final Cache<Word, String> remembered =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    SearchWords(Vault vault) {
        this.vault = vault;
    }

    private record Word(TenantId tenant, String word) {}

    /** For the search row of that text. */
    String[] lexemes(Actor actor, String text) {
        return keyed(actor, Words.lexemes(text));
    }

    /** A query in which every word must be there; empty when nothing is left to ask for. */
    String query(Actor actor, String text) {
        return Words.query(text, word -> keyed(actor, word));
    }

    String[] keyed(Actor actor, String[] words) {
        return Arrays.stream(words).map(word -> keyed(actor, word)).toArray(String[]::new);
    }

    private String keyed(Actor actor, String word) {
        return remembered.get(new Word(actor.tenant(), word), asked -> {
            var hash = vault.keyedHash(actor, PURPOSE, asked.word());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
        });
    }
}
