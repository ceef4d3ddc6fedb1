// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import id.kentongan.channel.Attachment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sent form as it is handed to the intake: the body of a raw delivery of the web channel, as JSON. It is stored
 * sealed before the citizen is thanked.
 *
 * @param remoteKey name of the form: a second delivery with the same one changes nothing
 * @param hints as {@code Item.Said} describes them
 */
record WebReport(
        String remoteKey,
        Instant at,
        String language,
        @Nullable String name,
        String text,
        Map<String, String> hints,
        List<Photo> photos) {
    record Photo(String mediaType, byte[] content) {}

    static List<Photo> photos(List<Attachment> attachments) {
        var photos = new ArrayList<Photo>();
        for (var attachment : attachments) {
            var content = attachment.content();
            if (content != null) {
                photos.add(new Photo(attachment.mediaType(), content));
            }
        }
        return photos;
    }
}
