// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import org.jspecify.annotations.Nullable;

/**
 * A file that came with a message or goes out with one.
 *
 * @param url where the network keeps it, or null when {@code content} holds it
 * @param mediaType as checked, not as claimed, once {@code content} is there
 * @param description alternative text
 */
public record Attachment(
        @Nullable String url, String mediaType, @Nullable String description, byte @Nullable [] content) {}
