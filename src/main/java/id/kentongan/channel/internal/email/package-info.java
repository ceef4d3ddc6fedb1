// SPDX-License-Identifier: Apache-2.0
/**
 * Mail as a channel: mailboxes are heard by IMAP, answers go by SMTP. Whatever comes is read without trusting it, and
 * what answers by itself is never answered.
 */
@NullMarked
package id.kentongan.channel.internal.email;

import org.jspecify.annotations.NullMarked;
