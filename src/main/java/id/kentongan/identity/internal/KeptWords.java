// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What somebody sent whose session had ended: it goes along through the sign-in in hidden fields, and is sent again by a
 * button afterwards. The server keeps nothing of it. Files do not come along.
 *
 * @param to where it was sent
 */
record KeptWords(String to, List<Field> fields) {
    private static final String PREFIX = "kept.";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,60}");
    private static final int MOST = 100;
    private static final int SHORTEST_WORDS = 40;
    private static final Set<String> NOT_WORDS = Set.of("_csrf");
    /** A form with one of these is typed anew: no secret goes through a page. */
    private static final Pattern SECRET = Pattern.compile("(?i).*(passw|sandi|secret|token).*|again|current|code");

    record Field(String name, String value) {
        /** For the page: as the sign-in forms carry it. */
        public String carriedAs() {
            return PREFIX + name;
        }
    }

    static KeptWords none() {
        return new KeptWords("", List.of());
    }

    /** Of a request that was forwarded to the sign-in. */
    static KeptWords sent(HttpServletRequest request) {
        if (!(request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI) instanceof String path)) {
            return none();
        }
        var query = request.getAttribute(RequestDispatcher.FORWARD_QUERY_STRING);
        var inQuery = query == null ? Set.<String>of() : names(query.toString());
        return of(query == null ? path : path + "?" + query, request, "", inQuery);
    }

    /** Of the sign-in's own forms. */
    static KeptWords carried(String to, HttpServletRequest request) {
        return of(to, request, PREFIX, Set.of());
    }

    private static KeptWords of(String to, HttpServletRequest request, String prefix, Set<String> without) {
        if (request.getParameterMap().keySet().stream()
                .anyMatch(name -> name.startsWith(prefix) && isSecret(name.substring(prefix.length())))) {
            return none();
        }
        var fields = new ArrayList<Field>();
        request.getParameterMap().forEach((key, values) -> {
            var name = key.startsWith(prefix) ? key.substring(prefix.length()) : "";
            if (NAME.matcher(name).matches() && !NOT_WORDS.contains(name) && !without.contains(name)) {
                Arrays.stream(values).forEach(value -> fields.add(new Field(name, value)));
            }
        });
        return fields.isEmpty() || fields.size() > MOST ? none() : new KeptWords(to, List.copyOf(fields));
    }

    static boolean isSecret(String name) {
        return SECRET.matcher(name).matches();
    }

    private static Set<String> names(String query) {
        return Set.copyOf(Arrays.stream(query.split("&"))
                .map(pair -> pair.split("=", 2)[0])
                .distinct()
                .toList());
    }

    /** Whether there is anything that would be lost. */
    public boolean any() {
        return fields.stream().anyMatch(each -> !each.value().isBlank());
    }

    /** What of it reads as words, to be shown. */
    public List<String> words() {
        return fields.stream()
                .map(Field::value)
                .map(String::strip)
                .filter(each -> each.contains(" ") || each.length() > SHORTEST_WORDS)
                .toList();
    }
}
