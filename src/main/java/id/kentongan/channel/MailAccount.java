// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

/**
 * How a mailbox of the tenant is reached.
 *
 * @param address under which people write to it, in lower case
 * @param incoming IMAP
 * @param outgoing SMTP
 * @param findings the name under which our mail server writes what it found out about a sender
 *     ({@code Authentication-Results}), or empty: then nobody's findings are believed
 */
public record MailAccount(String address, Server incoming, Server outgoing, String findings) {
    /**
     * @param user empty where the server asks for none
     * @param password empty in what is shown; when an account is changed, an empty one is the one it had
     */
    public record Server(String host, int port, Security security, String user, String password) {
        /** Without what must not be shown. */
        public Server shown() {
            return new Server(host, port, security, user, "");
        }

        public Server withPassword(String known) {
            return new Server(host, port, security, user, known);
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    public enum Security {
        /** From the first byte. */
        TLS,
        /** Asked for before anything is said; a server that does not offer it is not spoken to. */
        STARTTLS,
        /** Only within this machine. */
        NONE
    }
}
