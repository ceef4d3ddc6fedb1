// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site.internal;

import id.kentongan.kernel.Role;
import id.kentongan.site.Languages;
import id.kentongan.site.MenuPage;
import id.kentongan.site.spi.MenuContributor;
import id.kentongan.site.spi.SiteContext;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.servlet.support.RequestContextUtils;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * What the layouts draw around a page: {@code site} in every template. Nothing is looked up before a template
 * asks, since requests that draw nothing (a network's delivery) pass here too.
 */
public final class Shell {
    private final HttpServletRequest request;
    private final ObjectProvider<SiteContext> context;
    private final List<MenuContributor> menus;
    private final String version;
    private @Nullable Optional<SiteContext.Person> person;

    Shell(
            HttpServletRequest request,
            ObjectProvider<SiteContext> context,
            List<MenuContributor> menus,
            String version) {
        this.request = request;
        this.context = context;
        this.menus = menus;
        this.version = version;
    }

    /** @param count number beside it, or null @param current whether this is the page being shown */
    public record Entry(
            String label,
            String icon,
            String path,
            @Nullable Integer count,
            boolean current,
            boolean late) {}

    public record Group(String label, List<Entry> entries) {}

    public record Language(String code, String name, String path, boolean current) {}

    public String name() {
        return place().map(SiteContext.Place::name).orElse("");
    }

    public String shortName() {
        return place().map(SiteContext.Place::shortName).orElse("");
    }

    public boolean demonstration() {
        return place().map(SiteContext.Place::demonstration).orElse(false);
    }

    public String language() {
        return locale().getLanguage();
    }

    public String version() {
        return version;
    }

    public String density() {
        var cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals("density") && cookie.getValue().equals("compact")) {
                    return "compact";
                }
            }
        }
        return "comfortable";
    }

    /** The address of this page, for forms that come back to it. */
    public String path() {
        var query = request.getQueryString();
        return shownPath() + (query == null ? "" : "?" + query);
    }

    public @Nullable String officerName() {
        return person().map(SiteContext.Person::name).orElse(null);
    }

    /** Whether the search of citizens' words stands on top: it exists for nobody who reads none. */
    public boolean searches() {
        return person().map(each -> each.actor()
                        .hasAny(Role.COMMUNICATION_OFFICER, Role.SUPERVISOR, Role.LIAISON_OFFICER, Role.AUDITOR))
                .orElse(true);
    }

    public @Nullable String officerInitials() {
        return person().map(p -> initials(p.name())).orElse(null);
    }

    /** "RS" of "Rina Setya"; titles before and after a name are left out. */
    public static String initials(String name) {
        var words = java.util.Arrays.stream(name.split(",")[0].split("\\s+"))
                .filter(w -> !w.isBlank() && !w.endsWith("."))
                .toList();
        var letters = new StringBuilder();
        for (var word : words.subList(0, Math.min(2, words.size()))) {
            letters.appendCodePoint(Character.toUpperCase(word.codePointAt(0)));
        }
        return letters.isEmpty() ? "?" : letters.toString();
    }

    public List<Language> languages() {
        var here = locale();
        var languages = new ArrayList<Language>();
        for (var language : Languages.all()) {
            var name = language.getDisplayLanguage(language);
            languages.add(new Language(
                    language.getLanguage(),
                    language.equals(Languages.INDONESIAN) ? "Bahasa Indonesia" : name,
                    languagePath(language.getLanguage()),
                    language.equals(here)));
        }
        return languages;
    }

    public List<Entry> portalMenu() {
        return pages(MenuPage.Face.PORTAL).stream()
                .map(p -> new Entry(p.label(), p.icon(), p.path(), null, current(p), false))
                .toList();
    }

    /** The rail: the pages this officer may open, by group, with their numbers. */
    public List<Group> deskMenu() {
        var who = person();
        if (who.isEmpty()) {
            return List.of();
        }
        var actor = who.get().actor();
        Map<String, Integer> counts = new HashMap<>();
        menus.forEach(m -> counts.putAll(m.counts(actor)));
        var pages = pages(MenuPage.Face.DESK).stream()
                .filter(p -> p.roles().isEmpty() || actor.hasAny(p.roles().toArray(Role[]::new)))
                .toList();
        var chosen = chosen(pages);
        var groups = new LinkedHashMap<String, List<Entry>>();
        for (var page : pages) {
            groups.computeIfAbsent(page.group(), g -> new ArrayList<>())
                    .add(new Entry(
                            page.label(),
                            page.icon(),
                            page.path(),
                            counts.get(page.path()),
                            page.equals(chosen),
                            page.icon().equals("clock-late") && counts.getOrDefault(page.path(), 0) > 0));
        }
        return groups.entrySet().stream()
                .map(e -> new Group(e.getKey(), e.getValue()))
                .toList();
    }

    private List<MenuPage> pages(MenuPage.Face face) {
        return menus.stream()
                .flatMap(m -> m.pages().stream())
                .filter(p -> p.face() == face)
                .sorted(Comparator.comparingInt(MenuPage::order))
                .toList();
    }

    /** The one page of a menu that is being shown: the one that says most of the address. */
    private @Nullable MenuPage chosen(List<MenuPage> pages) {
        return pages.stream()
                .filter(this::current)
                .max(Comparator.comparingInt(p -> p.path().length()))
                .orElse(null);
    }

    private boolean current(MenuPage page) {
        var at = page.path().indexOf('?');
        var path = at < 0 ? page.path() : page.path().substring(0, at);
        if (!shownPath().equals(path)
                && page.covers().stream()
                        .noneMatch(each -> !each.equals("/") && shownPath().startsWith(each + "/"))) {
            return false;
        }
        if (at < 0) {
            return true;
        }
        var query = request.getQueryString();
        return query != null
                && List.of(query.split("&"))
                        .containsAll(List.of(page.path().substring(at + 1).split("&")));
    }

    private String languagePath(String code) {
        if (!"GET".equals(request.getMethod())) {
            return "/?lang=" + code;
        }
        return UriComponentsBuilder.fromPath(shownPath())
                .query(request.getQueryString())
                .replaceQueryParam("lang", code)
                .build()
                .toUriString();
    }

    private String shownPath() {
        var original = request.getAttribute("jakarta.servlet.error.request_uri");
        return original == null ? request.getRequestURI() : original.toString();
    }

    private Locale locale() {
        return RequestContextUtils.getLocale(request);
    }

    private Optional<SiteContext.Place> place() {
        return Requests.place(request, context);
    }

    private Optional<SiteContext.Person> person() {
        if (person == null) {
            try {
                person = Optional.ofNullable(context.getIfAvailable()).flatMap(c -> c.person(request));
            } catch (RuntimeException e) {
                person = Optional.empty();
            }
        }
        return person;
    }
}
