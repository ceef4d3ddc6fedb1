// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A form of the portal as far as somebody may see it who looks for the reason why it failed. The form's key and the
 * token of the reporter's link open the report to whoever has them: nobody sees them here. Whose form is confidential,
 * anonymous or about whistle-blowing, or of which the form itself does not say that it is not (an addition to a report),
 * is for the confidential circle; others see that it came and which fields it had.
 */
final class ShownForm {
    private static final String MASK = "***";
    /** What a form says about itself and not about a person. */
    private static final Set<String> ABOUT_THE_FORM =
            Set.of("kind", "identity", "anonymous", "confidential", "language");

    private ShownForm() {}

    /** @return JSON of the same shape; of what is no form nothing, since a token may stand anywhere in it */
    static byte[] of(ObjectMapper json, byte[] body, boolean circle) {
        JsonNode form;
        try {
            form = json.readTree(body);
        } catch (JacksonException e) {
            form = null;
        }
        var shown = json.createObjectNode();
        if (form == null || !form.isObject()) {
            return json.writeValueAsBytes(shown);
        }
        var hints = form.path("hints");
        var whole = circle || open(hints);
        shown.put("key", MASK);
        shown.put("name", whole ? text(form.path("name")) : MASK);
        shown.put("text", whole ? text(form.path("text")) : MASK);
        var of = shown.putObject("hints");
        for (var hint : hints.properties()) {
            var seen = !"secret".equals(hint.getKey()) && (whole || ABOUT_THE_FORM.contains(hint.getKey()));
            of.put(hint.getKey(), seen ? text(hint.getValue()) : MASK);
        }
        var files = form.path("files");
        if (whole && files.isArray()) {
            shown.set("files", files);
        } else {
            shown.put("files", files.isArray() ? files.size() + " " + MASK : MASK);
        }
        return json.writerWithDefaultPrettyPrinter().writeValueAsBytes(shown);
    }

    private static boolean open(JsonNode hints) {
        return "open".equals(text(hints.path("identity")))
                && !"whistle-blowing".equals(text(hints.path("kind")))
                && hints.path("conversation").isMissingNode();
    }

    private static @Nullable String text(JsonNode value) {
        return value.isString() ? value.stringValue() : null;
    }
}
