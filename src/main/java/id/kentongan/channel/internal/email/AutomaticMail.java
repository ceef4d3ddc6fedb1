// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a program sent, told apart from what a person wrote (RFC 3834 and what was in use before it). In doubt it is a
 * program's: a receipt that is missing does less harm than two programs that answer each other for a night.
 */
enum AutomaticMail {
    /** A person wrote it to us. */
    NONE,
    /** An answer a program gave to what we sent: away until Monday. */
    ANSWER,
    /** A notification, a newsletter, a post to a list: read by an officer perhaps, answered by no program. */
    NOTICE,
    /** A mail server tells what became of a message. */
    REPORT;

    private static final List<String> ANSWERING =
            List.of("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder");
    private static final List<String> LISTS =
            List.of("list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list", "feedback-id");
    private static final Pattern AWAY = Pattern.compile(
            "^\\s*(?:auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|balasan otomatis|jawaban otomatis"
                    + "|abwesenheitsnotiz|automatische antwort|réponse automatique|respuesta automática)\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    private static final Pattern PROGRAM = Pattern.compile(
            "(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|jangan[-_.]?balas|tidak[-_.]?(?:untuk[-_.]?)?dibalas|mailer[-_]daemon"
                    + "|postmaster|bounces?|notifications?|notifikasi)(?:[+.=_-].*)?");

    static AutomaticMail of(Mail mail) {
        if (mail.leaves().stream().anyMatch(leaf -> leaf.mediaType().equals("message/delivery-status"))) {
            return REPORT;
        }
        var submitted = mail.field("auto-submitted").toLowerCase(Locale.ROOT);
        var precedence = mail.field("precedence").toLowerCase(Locale.ROOT);
        if (submitted.startsWith("auto-replied")
                || precedence.startsWith("auto_reply")
                || ANSWERING.stream().anyMatch(name -> isSet(mail, name))
                || AWAY.matcher(MailParsing.words(mail.field("subject"))).matches()) {
            return isReturned(mail) ? REPORT : ANSWER;
        }
        if (isReturned(mail)) {
            return REPORT;
        }
        var notice = (!submitted.isEmpty() && !submitted.startsWith("no"))
                || List.of("bulk", "junk", "list").contains(precedence)
                || LISTS.stream().anyMatch(name -> isSet(mail, name))
                || mail.field("x-auto-response-suppress")
                        .toLowerCase(Locale.ROOT)
                        .matches(".*\\b(?:all|oof|autoreply)\\b.*")
                || mail.field("return-path").equals("<>")
                || isProgram(mail);
        return notice ? NOTICE : NONE;
    }

    private static boolean isSet(Mail mail, String name) {
        return mail.given(name)
                .filter(value -> !value.isBlank() && !value.equalsIgnoreCase("no") && !value.equalsIgnoreCase("false"))
                .isPresent();
    }

    private static boolean isProgram(Mail mail) {
        var from = mail.from();
        return from != null && PROGRAM.matcher(local(from.address())).matches();
    }

    /** Older servers write their reports as they please, from nobody. */
    private static boolean isReturned(Mail mail) {
        var from = mail.field("from").toLowerCase(Locale.ROOT);
        return mail.field("return-path").equals("<>")
                        && (from.contains("mailer-daemon") || from.contains("mail delivery"))
                || isSet(mail, "x-failed-recipients");
    }

    private static String local(String address) {
        return address.substring(0, address.lastIndexOf('@'));
    }
}
