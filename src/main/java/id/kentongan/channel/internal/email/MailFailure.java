// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.FolderNotFoundException;
import jakarta.mail.MessagingException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a mail server was of no use, as a code for which there are words; its own words may say anything and stay out. */
final class MailFailure extends Exception {
    static final String SIGN_IN = "mail-sign-in-refused";
    static final String HOST = "mail-host-unknown";
    static final String REFUSED = "mail-connection-refused";
    static final String TIMEOUT = "mail-no-answer";
    static final String CERTIFICATE = "mail-certificate";
    static final String NO_TLS = "mail-no-tls";
    static final String NO_INBOX = "mail-no-inbox";
    static final String LOST = "mail-connection-lost";

    private static final long serialVersionUID = 1L;

    private final String code;

    MailFailure(String code, @Nullable Throwable cause) {
        super(code, cause, false, false);
        this.code = code;
    }

    String code() {
        return code;
    }

    static MailFailure of(Exception failed) {
        return new MailFailure(code(failed), failed);
    }

    static String code(Exception failed) {
        var all = causes(failed);
        for (var each : all) {
            var code = switch (each) {
                case AuthenticationFailedException ignored -> SIGN_IN;
                case FolderNotFoundException ignored -> NO_INBOX;
                case UnknownHostException ignored -> HOST;
                case CertificateException ignored -> CERTIFICATE;
                case SocketTimeoutException ignored -> TIMEOUT;
                case ConnectException ignored -> REFUSED;
                case NoRouteToHostException ignored -> REFUSED;
                default -> "";
            };
            if (!code.isEmpty()) {
                return code;
            }
        }
        for (var each : all) {
            var text = String.valueOf(each.getMessage()).toLowerCase(Locale.ROOT);
            if (text.contains("starttls")
                    || text.contains("unrecognized ssl message")
                    || each instanceof SSLException) {
                return text.contains("certificate") || text.contains("server identity") ? CERTIFICATE : NO_TLS;
            }
        }
        return LOST;
    }

    private static List<Throwable> causes(Throwable failed) {
        var all = new ArrayList<Throwable>();
        add(all, failed);
        return all;
    }

    private static void add(List<Throwable> all, @Nullable Throwable each) {
        if (each == null || all.contains(each) || all.size() > 20) {
            return;
        }
        all.add(each);
        add(all, each.getCause());
        if (each instanceof MessagingException nested) {
            add(all, nested.getNextException());
        }
    }
}
