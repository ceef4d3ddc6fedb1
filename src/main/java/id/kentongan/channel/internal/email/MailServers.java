// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

import id.kentongan.channel.MailAccount;
import id.kentongan.channel.MailAccount.Security;
import id.kentongan.channel.MailAccount.Server;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.jspecify.annotations.Nullable;

/** Connections to mail servers: encrypted and checked, or within this machine; none without a time by which it ends. */
final class MailServers {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration READ = Duration.ofSeconds(60);
    /** A letter is fetched in pieces of this size, so that a large one never lies in memory as a whole. */
    private static final int PIECE = 262_144;

    private final @Nullable SSLSocketFactory sockets;

    /** @param sockets whom to trust, or null for whom this machine trusts */
    MailServers(@Nullable SSLSocketFactory sockets) {
        this.sockets = sockets;
    }

    /** The mailbox's store, connected. */
    IMAPStore store(Server server) throws MailFailure {
        try {
            var store = new IMAPStore(session("imap", server), null);
            store.connect(server.host(), server.port(), server.user(), server.password());
            return store;
        } catch (MessagingException | RuntimeException e) {
            throw MailFailure.of(e);
        }
    }

    /** A transport of the server, not connected yet. */
    SmtpConnection transport(Server server) {
        return new SmtpConnection(session("smtp", server), server);
    }

    Session session(String protocol, Server server) {
        var properties = new Properties();
        var prefix = "mail." + protocol + ".";
        properties.setProperty("mail.store.protocol", "imap");
        properties.setProperty("mail.transport.protocol", "smtp");
        properties.setProperty("mail.mime.charset", "UTF-8");
        properties.setProperty(prefix + "connectiontimeout", millis(CONNECT));
        properties.setProperty(prefix + "timeout", millis(READ));
        properties.setProperty(prefix + "writetimeout", millis(READ));
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        properties.setProperty(prefix + "ssl.protocols", "TLSv1.2 TLSv1.3");
        properties.setProperty(prefix + "auth", String.valueOf(!server.user().isEmpty()));
        properties.setProperty("mail.imap.fetchsize", String.valueOf(PIECE));
        properties.setProperty("mail.imap.peek", "true");
        properties.setProperty("mail.imap.closefoldersonstorefailure", "true");
        // Signing in with anything but the password over an encrypted connection is no use to anyone here.
        properties.setProperty("mail.imap.auth.ntlm.disable", "true");
        properties.setProperty("mail.smtp.auth.ntlm.disable", "true");
        if (sockets != null) {
            properties.put(prefix + "ssl.socketFactory", sockets);
        }
        switch (server.security()) {
            case TLS -> properties.setProperty(prefix + "ssl.enable", "true");
            case STARTTLS -> {
                properties.setProperty(prefix + "starttls.enable", "true");
                properties.setProperty(prefix + "starttls.required", "true");
            }
            case NONE -> properties.setProperty(prefix + "starttls.enable", "false");
        }
        return Session.getInstance(properties);
    }

    private static String millis(Duration duration) {
        return String.valueOf(duration.toMillis());
    }

    /** A password goes over no wire in clear; to a server on this machine there is none. */
    static boolean isClearBeyondThisMachine(MailAccount.Server server) {
        if (server.security() != Security.NONE) {
            return false;
        }
        try {
            return !InetAddress.getByName(server.host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return true;
        }
    }
}
