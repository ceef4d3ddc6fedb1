// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import java.util.Locale;
import java.util.Optional;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/** The desk's texts in the reader's language. */
@Component
class Say {
    private final MessageSource messages;

    Say(MessageSource messages) {
        this.messages = messages;
    }

    String it(String key, Object... arguments) {
        return messages.getMessage(key, arguments, LocaleContextHolder.getLocale());
    }

    /** The text in another language than the reader's, for what is kept in both. */
    String in(Locale locale, String key, Object... arguments) {
        return messages.getMessage(key, arguments, locale);
    }

    /** The text of a key that may not exist, taken as it stands. */
    Optional<String> find(String key) {
        return Optional.ofNullable(messages.getMessage(key, null, null, LocaleContextHolder.getLocale()));
    }

    /** The text of the first key, or of the second where codes come from below and may be new. */
    String itOr(String key, String fallback, Object... arguments) {
        var found = messages.getMessage(key, arguments, "", LocaleContextHolder.getLocale());
        return found == null || found.isEmpty() ? it(fallback, arguments) : found;
    }
}
