// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import java.util.List;
import java.util.Map;

/**
 * A form of the portal as a delivery: the report form, or further information on the tracking page.
 *
 * @param key the form's own key: the same form posted twice is one message
 * @param name what the citizen calls themselves, or empty
 * @param hints see {@link Item.Said#hints()}; {@code conversation} names the conversation an addition belongs to
 */
public record WebForm(String key, String name, String text, Map<String, String> hints, List<Attachment> files) {
    public WebForm {
        hints = Map.copyOf(hints);
        files = List.copyOf(files);
    }
}
