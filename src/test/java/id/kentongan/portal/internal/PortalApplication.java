// SPDX-License-Identifier: Apache-2.0
package id.kentongan.portal.internal;

import id.kentongan.casework.CaseId;
import id.kentongan.casework.CaseKind;
import id.kentongan.casework.CaseOutcome;
import id.kentongan.casework.CaseState;
import id.kentongan.casework.Cases;
import id.kentongan.casework.Performance;
import id.kentongan.casework.PublicCase;
import id.kentongan.casework.Ratings;
import id.kentongan.casework.Regions;
import id.kentongan.casework.TimelineLine;
import id.kentongan.channel.Account;
import id.kentongan.channel.AccountHealth;
import id.kentongan.channel.AccountId;
import id.kentongan.channel.Accounts;
import id.kentongan.channel.Attachment;
import id.kentongan.channel.Audience;
import id.kentongan.channel.Capabilities;
import id.kentongan.channel.DeliveryId;
import id.kentongan.channel.Intake;
import id.kentongan.channel.Network;
import id.kentongan.channel.WebForm;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageId;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Page;
import id.kentongan.kernel.TenantId;
import id.kentongan.kernel.WorkCalendar;
import id.kentongan.policy.DeadlineRule;
import id.kentongan.policy.Rules;
import id.kentongan.privacy.DataKeyId;
import id.kentongan.privacy.SealedContent;
import id.kentongan.privacy.Vault;
import id.kentongan.site.SecurityHeaders;
import id.kentongan.site.spi.SiteContext;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

/**
 * Behind a profile, so that the whole application's tests do not find it. The portal on hand-written stand-ins of the modules below it, so that its pages are tested for what they say
 * and take. The stand-ins keep what they are handed; a sent form opens a case at once.
 */
@Profile("portal-alone")
@Configuration(proxyBeanMethods = false)
@ComponentScan(basePackages = {"id.kentongan.site.internal", "id.kentongan.portal.internal"})
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
class PortalApplication {
    static final Instant NOW = Instant.parse("2026-11-24T07:05:00Z");
    static final TenantId TENANT = new TenantId(new UUID(1, 1));
    static final AgencyId WORKS = new AgencyId(new UUID(3, 1));

    @Bean
    Clock clock() {
        return Clock.fixed(NOW, ZoneId.of("UTC"));
    }

    @Bean
    SecurityFilterChain chain(HttpSecurity http, SecurityHeaders headers) throws Exception {
        headers.apply(http);
        return http.authorizeHttpRequests(all -> all.anyRequest().permitAll()).build();
    }

    /** Only hashes: the portal seals nothing. */
    @Bean
    Vault vault() {
        return new Vault() {
            @Override
            public byte[] keyedHash(Actor actor, String purpose, String value) {
                try {
                    return MessageDigest.getInstance("SHA-256")
                            .digest((actor.tenant() + purpose + value).getBytes(StandardCharsets.UTF_8));
                } catch (NoSuchAlgorithmException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public List<DataKeyId> newKeys(Actor actor, int count) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void haveKeys(Actor actor, Collection<DataKeyId> keys) {
                throw new UnsupportedOperationException();
            }

            @Override
            public byte[] seal(Actor actor, DataKeyId key, String purpose, byte[] plain) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Optional<byte[]> open(Actor actor, DataKeyId key, String purpose, byte[] sealed) {
                throw new UnsupportedOperationException();
            }

            @Override
            public SealedContent sealContent(Actor actor, DataKeyId key, String purpose, byte[] plain) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Optional<byte[]> openContent(Actor actor, DataKeyId key, String purpose, SealedContent content) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Optional<SealedContent> rewrap(
                    Actor actor, DataKeyId from, DataKeyId to, String purpose, SealedContent content) {
                throw new UnsupportedOperationException();
            }

            @Override
            public byte[] sealForTenant(Actor actor, String purpose, byte[] plain) {
                throw new UnsupportedOperationException();
            }

            @Override
            public byte[] openForTenant(Actor actor, String purpose, byte[] sealed) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void warm(Actor actor, Collection<DataKeyId> keys) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void destroy(Actor actor, DataKeyId key) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Bean
    SiteContext siteContext() {
        return new SiteContext() {
            @Override
            public Optional<Place> place(HttpServletRequest request) {
                return Optional.of(
                        new Place(TENANT, "Kabupaten Sukamaju", "Kab. Sukamaju", ZoneId.of("Asia/Jakarta"), true));
            }

            @Override
            public Optional<Person> person(HttpServletRequest request) {
                return Optional.empty();
            }
        };
    }

    @Bean
    World world() {
        return new World();
    }

    /** What the modules below were handed. */
    static class World implements Intake {
        /** Sent forms by remote key, as the channel keeps them: the second of a key changes nothing. */
        final Map<String, WebForm> sent = new LinkedHashMap<>();

        final List<String> added = new ArrayList<>();
        final List<Attachment> addedFiles = new ArrayList<>();

        @Override
        public synchronized DeliveryId accept(
                Actor actor, AccountId account, Map<String, String> headers, byte[] body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public synchronized DeliveryId acceptForm(Actor actor, WebForm form) {
            sent.putIfAbsent(form.key(), form);
            return DeliveryId.next();
        }

        @Override
        public Page<FailedDelivery> failed(Actor actor, @Nullable String after, int limit) {
            return Page.empty();
        }

        @Override
        public void replay(Actor actor, Collection<DeliveryId> ids) {}

        @Override
        public void forget(Actor actor, Collection<String> remoteKeys) {}

        @Override
        public void forget(Actor actor, String remoteKey, String authorKey) {}

        @Override
        public List<FailureReason> failures(Actor actor) {
            return List.of();
        }

        @Override
        public int replayFailed(Actor actor, @Nullable String code) {
            return 0;
        }

        @Override
        public FailedDelivery failed(Actor actor, DeliveryId id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<RawContent> content(Actor actor, DeliveryId id) {
            return Optional.empty();
        }

        synchronized Optional<WebForm> bySecret(String secret) {
            return sent.values().stream()
                    .filter(r -> secret.equals(r.hints().get("secret")))
                    .findFirst();
        }
    }

    @Bean
    Accounts accounts() {
        return new Accounts() {
            @Override
            public List<Account> all(Actor actor) {
                return List.of(
                        web(actor),
                        new Account(
                                AccountId.next(),
                                Network.ACTIVITYPUB,
                                "@kabar@sukamaju.example",
                                "Kabar Sukamaju",
                                "",
                                Account.State.ACTIVE));
            }

            @Override
            public Optional<Account> find(Actor actor, AccountId id) {
                return Optional.empty();
            }

            @Override
            public Optional<Capabilities> capabilities(Actor actor, AccountId id) {
                return Optional.empty();
            }

            @Override
            public Account add(Actor actor, Network network, String name, String displayName, String summary) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Account web(Actor actor) {
                return new Account(AccountId.next(), Network.WEB, "web", "Formulir", "", Account.State.ACTIVE);
            }

            @Override
            public void change(Actor actor, Account account) {}

            @Override
            public Map<AccountId, AccountHealth> health(Actor actor) {
                return Map.of();
            }

            @Override
            public void limit(Actor actor, AccountId id, @Nullable Integer perDay) {}
        };
    }

    @Bean
    Agencies agencies() {
        var names = new String[][] {
            {"dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "Dinas Dukcapil", "KTP, KK, akta"},
            {"dpupr", "Dinas Pekerjaan Umum dan Penataan Ruang", "Dinas PUPR", "jalan, drainase, air"},
            {"dinkes", "Dinas Kesehatan", "Dinas Kesehatan", "puskesmas, BPJS"},
            {"dinsos", "Dinas Sosial", "Dinas Sosial", "bantuan sosial"},
            {"disdik", "Dinas Pendidikan", "Dinas Pendidikan", "sekolah, beasiswa"},
            {"dishub", "Dinas Perhubungan", "Dinas Perhubungan", "lampu jalan, parkir"},
            {"dlh", "Dinas Lingkungan Hidup", "Dinas Lingkungan Hidup", "sampah, pohon"},
            {"bpbd", "Badan Penanggulangan Bencana Daerah", "BPBD", "bencana"},
            {"kominfo", "Dinas Komunikasi dan Informatika", "Diskominfo", "kabar, data, situs ini"},
            {"melati", "Kecamatan Melati", "Kec. Melati", "surat pengantar, urusan kecamatan"},
        };
        var all = new ArrayList<Agency>();
        for (int i = 0; i < names.length; i++) {
            var id = names[i][0].equals("dpupr") ? WORKS : new AgencyId(new UUID(4, i));
            all.add(new Agency(id, null, names[i][0], names[i][1], names[i][2], names[i][3], true));
        }
        return new Agencies() {
            @Override
            public List<Agency> all(Actor actor) {
                return all;
            }

            @Override
            public Optional<Agency> find(Actor actor, AgencyId id) {
                return all.stream().filter(a -> a.id().equals(id)).findFirst();
            }

            @Override
            public Agency save(Actor actor, Agency agency) {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<Agency> subtree(Actor actor, AgencyId id) {
                return List.of();
            }
        };
    }

    @Bean
    Regions regions() {
        var districts = List.of(
                new Regions.District(
                        "99.01.01",
                        "Anggrek",
                        -7.42,
                        109.20,
                        List.of(
                                new Regions.Village("99.01.01.2001", "Anggrek Lor", -7.41, 109.19),
                                new Regions.Village("99.01.01.2002", "Anggrek Kidul", -7.44, 109.21))),
                new Regions.District(
                        "99.01.02",
                        "Melati",
                        -7.36,
                        109.30,
                        List.of(
                                new Regions.Village("99.01.02.2001", "Melati Wetan", -7.35, 109.31),
                                new Regions.Village("99.01.02.2002", "Krajan", -7.38, 109.28))));
        return new Regions() {
            @Override
            public List<District> districts(Actor actor) {
                return districts;
            }

            @Override
            public int save(Actor actor, List<District> saved) {
                return 0;
            }
        };
    }

    @Bean
    Rules rules() {
        var since = LocalDate.of(2018, 12, 28);
        var rules = new ArrayList<DeadlineRule>();
        for (var rule : new Object[][] {
            {"complaint.verify", 3},
            {"complaint.first-follow-up", 5},
            {"complaint.finish", 14},
            {"complaint-supervised.finish", 60},
            {"information-request.finish", 5},
            {"aspiration.finish", 5}
        }) {
            rules.add(new DeadlineRule(
                    UUID.randomUUID(),
                    (String) rule[0],
                    (Integer) rule[1],
                    DeadlineRule.Unit.WORKING_DAYS,
                    "Praktik SP4N-LAPOR! menurut PermenPANRB 62/2018",
                    null,
                    since,
                    null,
                    DeadlineRule.Confidence.PRACTICE));
        }
        return (Rules) java.lang.reflect.Proxy.newProxyInstance(
                Rules.class.getClassLoader(), new Class<?>[] {Rules.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "deadlines" -> rules;
                        case "deadline" ->
                            rules.stream()
                                    .filter(r -> r.key().equals(arguments[1]))
                                    .findFirst();
                        case "calendar" -> new WorkCalendar(ZoneId.of("Asia/Jakarta"), java.util.Set.of());
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        case "toString" -> "rules";
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }

    @Bean
    Ratings ratings() {
        return (Ratings) java.lang.reflect.Proxy.newProxyInstance(
                Ratings.class.getClassLoader(),
                new Class<?>[] {Ratings.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "bySecret" -> Optional.empty();
                    case "toString" -> "ratings";
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Bean
    Cases cases(World world) {
        return (Cases) java.lang.reflect.Proxy.newProxyInstance(
                Cases.class.getClassLoader(), new Class<?>[] {Cases.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "bySecret" -> world.bySecret((String) arguments[1]).map(r -> reporterCase(r, world));
                        case "byPublicNumber" ->
                            arguments[1].equals("KTG-2026-004217")
                                    ? Optional.of(shown(CaseState.FORWARDED, false))
                                    : arguments[1].equals("KTG-2026-000009")
                                            ? Optional.of(shown(CaseState.FORWARDED, true))
                                            : arguments[1].equals("KTG-2026-000010")
                                                    ? Optional.of(shown(CaseState.CLOSED, false))
                                                    : Optional.empty();
                        case "file" ->
                            world.bySecret((String) arguments[1])
                                    .map(r -> r.files().get((int) arguments[3]))
                                    .map(each -> new Conversations.FileContent(
                                            each.mediaType(), Objects.requireNonNull(each.content()), null));
                        case "add" -> {
                            world.added.add((String) arguments[2]);
                            for (var file : (List<?>) arguments[3]) {
                                world.addedFiles.add((Attachment) file);
                            }
                            yield null;
                        }
                        case "performance" -> performance((LocalDate) arguments[1], (LocalDate) arguments[2]);
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        case "toString" -> "cases";
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }

    private static PublicCase shown(CaseState state, boolean late) {
        var lines = new ArrayList<TimelineLine>();
        lines.add(new TimelineLine(NOW.minusSeconds(90_000), "received", null, null, null, null, true));
        lines.add(new TimelineLine(NOW.minusSeconds(88_000), "forwarded", null, null, WORKS, null, true));
        if (state == CaseState.CLOSED) {
            lines.add(new TimelineLine(
                    NOW.minusSeconds(600), "answered", null, null, null, "Rambu dipasang sore ini.", true));
        }
        return new PublicCase(
                "KTG-2026-004217",
                CaseKind.COMPLAINT,
                state,
                "Dinas PUPR",
                NOW.minusSeconds(90_000),
                state == CaseState.CLOSED ? CaseOutcome.SETTLED : null,
                null,
                late ? LocalDate.of(2026, 11, 20) : LocalDate.of(2026, 11, 26),
                late,
                late ? LocalDate.of(2026, 11, 20) : LocalDate.of(2026, 11, 26),
                late,
                lines);
    }

    private static Cases.ReporterCase reporterCase(WebForm report, World world) {
        var messages = new ArrayList<MessageView>();
        messages.add(
                message(MessageView.Direction.IN, report.text(), report.files().size()));
        messages.add(message(MessageView.Direction.OUT, "Terima kasih, sudah kami teruskan.", 0));
        world.added.forEach(text -> messages.add(message(MessageView.Direction.IN, text, 0)));
        return new Cases.ReporterCase(
                CaseId.next(),
                shown(CaseState.FORWARDED, false),
                report.text().lines().findFirst().orElse(""),
                messages,
                messages.stream()
                        .filter(message -> message.direction() == MessageView.Direction.IN)
                        .map(MessageView::id)
                        .collect(java.util.stream.Collectors.toSet()),
                false);
    }

    private static MessageView message(MessageView.Direction direction, String text, int files) {
        var attached = new ArrayList<MessageView.File>();
        for (int i = 0; i < files; i++) {
            attached.add(new MessageView.File(i, "image/jpeg", null, 1));
        }
        return new MessageView(
                MessageId.next(),
                direction,
                NOW.minusSeconds(300),
                Audience.DIRECT,
                "",
                true,
                null,
                false,
                text,
                null,
                null,
                List.of(),
                null,
                null,
                attached,
                null,
                null,
                false,
                false);
    }

    private static Performance performance(LocalDate from, LocalDate to) {
        var weeks = List.of(
                new Performance.Week(from, 298, 286, 5, 0, 7),
                new Performance.Week(from.plusDays(7), 312, 293, 3, 6, 10),
                new Performance.Week(from.plusDays(14), 341, 301, 2, 28, 10),
                new Performance.Week(from.plusDays(21), 333, 247, 0, 84, 2));
        return new Performance(
                from, to, weeks, List.of(new Performance.OfAgency(WORKS, 231, 183, 3, 34, 11, Duration.ofHours(46))));
    }
}
