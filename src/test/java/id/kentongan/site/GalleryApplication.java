// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import id.kentongan.site.spi.MenuContributor;
import id.kentongan.site.spi.SiteContext;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.MultipartAutoConfiguration;
import org.springframework.boot.thymeleaf.autoconfigure.ThymeleafAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** Behind a profile, so that the whole application's tests do not find it. The shell alone, with sample pages that show every piece of it: no database, nobody signed in for real. */
@Profile("gallery")
@Configuration(proxyBeanMethods = false)
@ComponentScan(basePackages = "id.kentongan.site.internal")
@ImportAutoConfiguration({
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    ErrorMvcAutoConfiguration.class,
    MultipartAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    ThymeleafAutoConfiguration.class,
    SecurityAutoConfiguration.class,
    ServletWebSecurityAutoConfiguration.class,
    SecurityFilterAutoConfiguration.class
})
class GalleryApplication {
    static final Instant NOW = Instant.parse("2026-11-24T07:05:00Z");

    @Bean
    Clock clock() {
        return Clock.fixed(NOW, ZoneId.of("UTC"));
    }

    @Bean
    SecurityFilterChain chain(HttpSecurity http, SecurityHeaders headers) throws Exception {
        headers.apply(http);
        return http.authorizeHttpRequests(all -> all.anyRequest().permitAll()).build();
    }

    @Bean
    SiteContext siteContext() {
        var tenant = new TenantId(new UUID(1, 1));
        return new SiteContext() {
            @Override
            public Optional<Place> place(HttpServletRequest request) {
                return Optional.of(
                        new Place(tenant, "Kabupaten Sukamaju", "Kab. Sukamaju", ZoneId.of("Asia/Jakarta"), true));
            }

            @Override
            public Optional<Person> person(HttpServletRequest request) {
                return Optional.of(new Person(
                        new Actor(
                                tenant,
                                Actor.Kind.OFFICER,
                                new UUID(2, 2),
                                "Rina Setya",
                                EnumSet.of(Role.COMMUNICATION_OFFICER),
                                Actor.Reach.everywhere(),
                                false,
                                false),
                        "Rina Setya, S.I.Kom."));
            }
        };
    }

    @Bean
    MenuContributor menu() {
        return new MenuContributor() {
            @Override
            public List<MenuPage> pages() {
                return List.of(
                        MenuPage.desk("gallery.inbox", "gallery.all", "inbox", "/gallery/desk", 1),
                        MenuPage.desk("gallery.inbox", "gallery.mine", "person", "/gallery/mine", 2),
                        MenuPage.desk("gallery.inbox", "gallery.late", "clock-late", "/gallery/late", 3),
                        MenuPage.desk("gallery.work", "gallery.cases", "folder", "/gallery/cases", 4),
                        MenuPage.desk(
                                "gallery.work", "gallery.hidden", "gear", "/gallery/admin", 5, Role.ADMINISTRATOR),
                        MenuPage.portal("gallery.cases", "folder", "/gallery/components", 1));
            }

            @Override
            public Map<String, Integer> counts(Actor actor) {
                return Map.of("/gallery/desk", 1042, "/gallery/mine", 7, "/gallery/late", 9);
            }
        };
    }

    @Controller
    @Profile("gallery")
    static class Pages {
        record Choice(
                String value,
                String label,
                @Nullable String hint,
                @Nullable String icon) {}

        record Item(
                String what,
                @Nullable String text,
                @Nullable Instant at,
                @Nullable String when,
                String state) {}

        @GetMapping("/gallery/{name}")
        String page(@PathVariable String name, Model model) {
            model.addAttribute("now", NOW.minusSeconds(1500));
            model.addAttribute("errors", FormErrors.none().add("place", "gallery.wrong"));
            model.addAttribute("fixed", name.equals("desk"));
            model.addAttribute("alerts", name.equals("desk") ? 3 : null);
            model.addAttribute(
                    "choices",
                    List.of(
                            new Choice(
                                    "open",
                                    "Nama saya boleh tampil",
                                    "Terbaca oleh siapa pun setelah diperiksa.",
                                    null),
                            new Choice(
                                    "anonymous",
                                    "Anonim",
                                    "Dinas yang dilaporkan dan masyarakat umum tidak melihat nama Anda.",
                                    "mask"),
                            new Choice("secret", "Rahasia", "Hanya petugas yang ditunjuk membacanya.", "lock")));
            model.addAttribute(
                    "items",
                    List.of(
                            new Item("Berikutnya: jawaban dinas", null, null, "paling lambat Kamis", "next"),
                            new Item(
                                    "Petugas menjawab",
                                    "“Rambu dipasang sore ini.”",
                                    NOW.minusSeconds(600),
                                    null,
                                    "now"),
                            new Item("Diterima", null, NOW.minusSeconds(90000), null, "past")));
            return "gallery/" + (name.equals("empty") ? "empty" : name.equals("components") ? "components" : "desk");
        }

        @GetMapping("/gallery/refused/{kind}")
        String refused(@PathVariable String kind) {
            throw (kind.equals("absent")
                            ? id.kentongan.kernel.Refusal.notFound()
                            : id.kentongan.kernel.Refusal.limited("site.too-large"))
                    .asException();
        }

        @GetMapping("/gallery/broken")
        String broken() {
            throw new IllegalStateException("secret-detail");
        }
    }
}
