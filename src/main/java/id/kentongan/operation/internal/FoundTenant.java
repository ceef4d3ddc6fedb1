// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import id.kentongan.channel.Accounts;
import id.kentongan.database.ActorTransactions;
import id.kentongan.identity.Agencies;
import id.kentongan.identity.Agency;
import id.kentongan.identity.Invitations;
import id.kentongan.identity.Officers.NewOfficer;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import id.kentongan.kernel.Role;
import id.kentongan.kernel.TenantId;
import id.kentongan.operation.internal.Arguments.Wrong;
import id.kentongan.policy.Rules;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/**
 * {@code tenant create}: a government with its web form, the shipped rules and days off, one agency, and its first
 * administrator, who chooses a password by the one-time link that is printed.
 */
@Component
class FoundTenant implements Verb {
    /** Who the first administrator sits with until the agencies are imported; the import knows it by this code. */
    private static final String OFFICE = "diskominfo";

    private static final Map<String, String> ZONES =
            Map.of("WIB", "Asia/Jakarta", "WITA", "Asia/Makassar", "WIT", "Asia/Jayapura");
    private static final Pattern HOST = Pattern.compile(
            "(?=.{1,253}(:|$))[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*(:[0-9]{1,5})?");
    private static final Pattern MAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");
    private static final Pattern PREFIX = Pattern.compile("[A-Z]{2,6}");
    private static final int LONGEST_NAME = 100;

    private final ActorTransactions transactions;
    private final Tenants tenants;
    private final Agencies agencies;
    private final Invitations invitations;
    private final Rules rules;
    private final Accounts accounts;

    FoundTenant(
            ActorTransactions transactions,
            Tenants tenants,
            Agencies agencies,
            Invitations invitations,
            Rules rules,
            Accounts accounts) {
        this.transactions = transactions;
        this.tenants = tenants;
        this.agencies = agencies;
        this.invitations = invitations;
        this.rules = rules;
        this.accounts = accounts;
    }

    @Override
    public int run(Arguments words, Terminal terminal) throws Wrong {
        var tenant = tenant(words);
        var mail = words.need("--admin-mail").strip();
        if (mail.length() > 254 || !MAIL.matcher(mail).matches()) {
            throw new Wrong("--admin-mail needs a mail address, not '" + mail + "'");
        }
        var name = line("--admin-name", words.value("--admin-name").orElse("Administrator"));
        if (tenants.byHost(tenant.host()).isPresent()) {
            return terminal.fail("operation.host-taken", tenant.host());
        }
        var actor = Actor.system(tenant.id(), "operation");
        var invited = transactions.write(actor, () -> {
            tenants.found(tenant);
            var office = agencies.save(
                    actor,
                    new Agency(
                            AgencyId.next(),
                            null,
                            OFFICE,
                            "Dinas Komunikasi dan Informatika",
                            "Diskominfo",
                            "informasi publik, aduan warga",
                            true));
            rules.installDefaults(actor);
            accounts.web(actor);
            return invitations.invite(
                    actor, new NewOfficer(name, mail, office.id(), Set.of(Role.ADMINISTRATOR), false));
        });
        var link = tenant.address() + invited.path();
        if (words.has("--json")) {
            var made = new LinkedHashMap<String, Object>();
            made.put("tenant", tenant.id().toString());
            made.put("name", tenant.name());
            made.put("address", tenant.address());
            made.put("invitation", link);
            made.put("until", invited.until().toString());
            terminal.json(made);
        } else {
            terminal.say(
                    "operation.tenant-founded",
                    tenant.name(),
                    tenant.address(),
                    link,
                    DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm z", terminal.locale())
                            .format(invited.until().atZone(tenant.zone())));
        }
        return 0;
    }

    private static Tenant tenant(Arguments words) throws Wrong {
        var kind = words.need("--kind").strip().toLowerCase(Locale.ROOT);
        var title = switch (kind) {
            case "kabupaten" -> "Kabupaten";
            case "kota" -> "Kota";
            default -> throw new Wrong("--kind is kabupaten or kota, not '" + kind + "'");
        };
        var name = line("--name", words.need("--name")).replaceFirst("(?i)^" + title + "\\s+", "");
        var host = words.need("--host").strip().toLowerCase(Locale.ROOT);
        if (!HOST.matcher(host).matches()) {
            throw new Wrong("--host needs the name people reach it by, such as lapor.daerah.go.id, not '" + host + "'");
        }
        var prefix = words.value("--prefix").orElse("KTG");
        if (!PREFIX.matcher(prefix).matches()) {
            throw new Wrong("--prefix needs two to six capital letters, not '" + prefix + "'");
        }
        return new Tenant(
                TenantId.next(),
                title + " " + name,
                line("--short", words.value("--short").orElse((kind.equals("kota") ? "Kota " : "Kab. ") + name)),
                host,
                zone(words.need("--zone").strip()),
                prefix,
                false);
    }

    private static ZoneId zone(String named) throws Wrong {
        try {
            return ZoneId.of(ZONES.getOrDefault(named.toUpperCase(Locale.ROOT), named));
        } catch (DateTimeException e) {
            throw new Wrong("--zone is WIB, WITA or WIT (or a zone such as Asia/Jakarta), not '" + named + "'");
        }
    }

    private static String line(String option, String text) throws Wrong {
        var line = text.replaceAll("\\s+", " ").strip();
        if (line.isEmpty() || line.length() > LONGEST_NAME) {
            throw new Wrong(option + " needs a name of at most " + LONGEST_NAME + " characters");
        }
        return line;
    }
}
