// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a form, field by field, in the order of the page. The field components and the error
 * summary read it; a form shown again with errors has status 422.
 */
public final class FormErrors {
    private final List<Wrong> all = new ArrayList<>();

    /**
     * @param field name of the field, which is also its id in the page
     * @param code message key that says what is wrong and what to do
     */
    public record Wrong(String field, String code, List<Object> arguments) {
        public Object[] array() {
            return arguments.toArray();
        }
    }

    public static FormErrors none() {
        return new FormErrors();
    }

    public FormErrors add(String field, String code, Object... arguments) {
        all.add(new Wrong(field, code, List.of(arguments)));
        return this;
    }

    public boolean any() {
        return !all.isEmpty();
    }

    public List<Wrong> all() {
        return List.copyOf(all);
    }

    /** The first thing wrong with a field, or null. */
    public @Nullable Wrong of(String field) {
        return all.stream().filter(w -> w.field().equals(field)).findFirst().orElse(null);
    }
}
