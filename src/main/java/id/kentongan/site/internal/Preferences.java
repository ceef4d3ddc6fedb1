// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site.internal;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** How a person wants the screens: kept in their browser, not with us. */
@Controller
class Preferences {
    @PostMapping("/preferences/density")
    String density(@RequestParam String density, @RequestParam String back, HttpServletResponse response) {
        var cookie = ResponseCookie.from("density", density.equals("compact") ? "compact" : "comfortable")
                .path("/")
                .httpOnly(true)
                .sameSite("Lax")
                .maxAge(Duration.ofDays(365))
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
        // Only a path of ours: "//host" and "/\\host" lead elsewhere.
        return "redirect:" + (back.matches("/([^/\\\\\\p{Cntrl}][^\\p{Cntrl}]*)?") ? back : "/");
    }
}
