// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import id.kentongan.kernel.Networks;
import id.kentongan.kernel.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/**
 * Keeps one address (an IPv6 network) from sending or guessing without end. Counted in memory per node and forgotten after the
 * window: no list of who visited is kept.
 */
@Component
class Visitors {
    /** Reports and additions of one address in ten minutes; a village hall shares one address, so not few. */
    static final int SENDINGS = 20;
    /** Numbers and links that named nothing, of one address in ten minutes. */
    static final int MISSES = 30;

    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final Cache<String, AtomicInteger> counts =
            Caffeine.newBuilder().expireAfterWrite(WINDOW).maximumSize(100_000).build();

    void sends(HttpServletRequest request) {
        if (count("send", request).incrementAndGet() > SENDINGS) {
            throw Refusal.limited("portal.too-many-sent").asException();
        }
    }

    /** Before looking a number or link up: refused once too many named nothing. */
    void looksUp(HttpServletRequest request) {
        if (count("miss", request).get() >= MISSES) {
            throw Refusal.limited("portal.too-many-guesses").asException();
        }
    }

    void missed(HttpServletRequest request) {
        count("miss", request).incrementAndGet();
    }

    private AtomicInteger count(String what, HttpServletRequest request) {
        return counts.get(what + ' ' + Networks.of(request.getRemoteAddr()), key -> new AtomicInteger());
    }
}
