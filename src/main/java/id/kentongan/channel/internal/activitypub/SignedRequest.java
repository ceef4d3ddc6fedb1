// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel.internal.activitypub;

import id.kentongan.identity.Tenant;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request as its signature sees it: with the scheme and authority the sender addressed, which behind a
 * proxy are not those of the socket.
 *
 * @param target path and query as on the request line, undecoded
 * @param headers every value of every field, names in lower case
 */
record SignedRequest(
        String method, String scheme, String authority, String target, Map<String, List<String>> headers, byte[] body) {

    SignedRequest {
        var lower = new TreeMap<String, List<String>>();
        headers.forEach(
                (name, values) -> lower.merge(name.toLowerCase(Locale.ROOT), List.copyOf(values), SignedRequest::both));
        headers = lower;
        authority = authority.toLowerCase(Locale.ROOT);
        if (target.isEmpty()) {
            target = "/";
        }
    }

    static SignedRequest of(String method, URI uri, Map<String, List<String>> headers, byte[] body) {
        var target = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        if (uri.getRawQuery() != null) {
            target += "?" + uri.getRawQuery();
        }
        return new SignedRequest(method, uri.getScheme(), uri.getRawAuthority(), target, headers, body);
    }

    /** As it reached us, under the address by which its sender knows the tenant. */
    static SignedRequest received(Tenant tenant, HttpServletRequest request, byte[] body) {
        var headers = new LinkedHashMap<String, List<String>>();
        for (var name : Collections.list(request.getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
        }
        var target = request.getRequestURI();
        if (request.getQueryString() != null) {
            target += "?" + request.getQueryString();
        }
        var base = tenant.address();
        var scheme = base.substring(0, base.indexOf(':'));
        var host = request.getHeader("Host");
        return new SignedRequest(
                request.getMethod(), scheme, host == null ? tenant.host() : host, target, headers, body);
    }

    /** The field's values as one line (RFC 9421 2.1), or null when the field is absent. */
    @Nullable
    String header(String lowerCaseName) {
        var values = headers.get(lowerCaseName);
        if (values == null) {
            return null;
        }
        if (values.size() == 1) {
            return unfolded(values.getFirst());
        }
        return String.join(", ", values.stream().map(SignedRequest::unfolded).toList());
    }

    String path() {
        var query = target.indexOf('?');
        var path = query < 0 ? target : target.substring(0, query);
        return path.isEmpty() ? "/" : path;
    }

    /** The query with its question mark; a lone question mark when there is none (RFC 9421 2.2.7). */
    String query() {
        var query = target.indexOf('?');
        return query < 0 ? "?" : target.substring(query);
    }

    boolean hasQuery() {
        return target.indexOf('?') >= 0;
    }

    /** The authority without the scheme's own port (RFC 9421 2.2.3). */
    String normalisedAuthority() {
        var port = scheme.equalsIgnoreCase("https") ? ":443" : ":80";
        return authority.endsWith(port) ? authority.substring(0, authority.length() - port.length()) : authority;
    }

    private static String unfolded(String value) {
        return value.indexOf('\n') < 0 ? value.strip() : value.strip().replaceAll("[ \t]*\r?\n[ \t]*", " ");
    }

    private static List<String> both(List<String> first, List<String> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return List.copyOf(all);
    }
}
