// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

/** What an officer is to know about how a message came, beside its words. Each is a code with its facts. */
final class MailNotes {
    static final String HIDDEN_WORDS = "hidden-words";
    static final String GUESSED_CHARSET = "guessed-charset";
    static final String FILE_TOO_LARGE = "file-too-large";
    static final String FILE_TOO_MANY = "file-too-many";
    static final String FILE_EMPTY = "file-empty";
    static final String CUT = "cut";
    static final String SENDER_DISPROVEN = "sender-disproven";
    static final String NO_SENDER = "no-sender";
    static final String AUTOMATIC = "automatic";
    static final String MANY_READERS = "many-readers";
    static final String ANSWERS_ELSEWHERE = "answers-elsewhere";

    private MailNotes() {}

    static String of(String code, Object... facts) {
        var note = new StringBuilder(code);
        for (var fact : facts) {
            note.append('\t').append(fact.toString().replaceAll("[\\t\\n]", " "));
        }
        return note.toString();
    }
}
