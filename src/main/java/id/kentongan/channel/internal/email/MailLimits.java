// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.email;

/**
 * How much of one message is kept, in bytes as they are sent. What is larger is left out and said to be, the rest is
 * kept.
 *
 * @param text of one part that is text
 * @param attachment of one part that is not
 * @param whole of everything together
 * @param field of one header field (10,000 recipients)
 * @param depth of parts within parts
 * @param parts of one message
 */
record MailLimits(int text, int attachment, int whole, int field, int depth, int parts) {
    /** Ten megabytes of a file are fourteen as they are sent. */
    static final MailLimits USUAL = new MailLimits(2_000_000, 14_000_000, 24_000_000, 65_536, 50, 300);

    /** Files of one message that are kept; what comes after them is said to be missing. */
    static final int FILES = 10;

    /** Characters of one message that are shown. */
    static final int WORDS = 100_000;
}
