// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import id.kentongan.channel.Account;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Network;
import id.kentongan.identity.Agencies;
import id.kentongan.kernel.Actor;
import id.kentongan.site.spi.SiteContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** The foot of the portal's pages: official accounts, contact, about. Asked only by the pages that draw it. */
@ControllerAdvice(basePackageClasses = FooterAdvice.class)
class FooterAdvice {
    private final SiteContext context;
    private final Accounts accounts;
    private final Agencies agencies;

    FooterAdvice(SiteContext context, Accounts accounts, Agencies agencies) {
        this.context = context;
        this.accounts = accounts;
        this.agencies = agencies;
    }

    record OfficialAccount(
            String icon,
            String handle,
            String network,
            @Nullable String url) {}

    record Link(String label, String path) {}

    /** Looked up when the layout asks, once. */
    final class Footer {
        private final HttpServletRequest request;

        Footer(HttpServletRequest request) {
            this.request = request;
        }

        public List<OfficialAccount> accounts() {
            return context.place(request)
                    .map(place -> accounts.all(Actor.system(place.tenant(), "portal")).stream()
                            .filter(a -> a.network() != Network.WEB && a.state() == Account.State.ACTIVE)
                            .map(a -> new OfficialAccount(icon(a), a.handle(), a.name(), null))
                            .toList())
                    .orElse(List.of());
        }

        /** The office that answers: the agency for communication, and the government. */
        public List<String> contact() {
            return context.place(request)
                    .map(place -> {
                        var office = agencies.all(Actor.system(place.tenant(), "portal")).stream()
                                .filter(a -> a.name().toLowerCase(Locale.ROOT).contains("komunikasi"))
                                .map(a -> a.name())
                                .findFirst();
                        return office.map(name -> List.of(name, place.name())).orElse(List.of(place.name()));
                    })
                    .orElse(List.of());
        }

        public List<Link> links() {
            return List.of(
                    new Link("portal.footer.privacy", "/privasi"),
                    new Link("portal.footer.accessibility", "/aksesibilitas"),
                    new Link("portal.footer.rules", "/aturan"),
                    new Link("portal.footer.counting", "/cara-menghitung"),
                    new Link("portal.footer.desk", "/desk"));
        }

        private static String icon(Account account) {
            return account.network() == Network.ACTIVITYPUB ? "fediverse" : "web";
        }
    }

    @ModelAttribute("footer")
    Footer footer(HttpServletRequest request) {
        return new Footer(request);
    }
}
