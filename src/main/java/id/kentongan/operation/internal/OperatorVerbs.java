// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import id.kentongan.kernel.RefusalException;
import id.kentongan.operation.OpenedApplication;
import id.kentongan.operation.internal.Arguments.Taken;
import id.kentongan.operation.internal.Arguments.Wrong;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.MessageSource;

/** Which verbs there are, what words each takes, and which bean does it. */
public final class OperatorVerbs {
    private record Order(Class<? extends Verb> bean, Taken taken) {}

    private static final Map<String, Order> ORDERS = new LinkedHashMap<>();

    static {
        order(
                "tenant create",
                FoundTenant.class,
                List.of("--name", "--kind", "--host", "--zone", "--admin-name", "--admin-mail", "--short", "--prefix"),
                List.of("--json"),
                0);
        order("tenant list", ListTenants.class, List.of(), List.of("--json"), 0);
        order(
                "tenant import",
                ImportTenant.class,
                List.of("--tenant", "--template", "--links"),
                List.of("--check", "--json"),
                1);
        order("region import", ImportRegions.class, List.of("--tenant", "--code"), List.of("--check", "--json"), 20);
    }

    public static final Set<String> NAMES =
            ORDERS.keySet().stream().map(each -> each.split(" ")[0]).collect(Collectors.toCollection(TreeSet::new));

    private OperatorVerbs() {}

    private static void order(
            String words, Class<? extends Verb> bean, List<String> named, List<String> plain, int most) {
        var all = Stream.concat(named.stream(), Stream.of("--data", "--language"));
        ORDERS.put(words, new Order(bean, new Taken(all.collect(Collectors.toSet()), Set.copyOf(plain), most)));
    }

    public static int run(
            String verb, List<String> words, Path defaultData, Function<Path, OpenedApplication> application) {
        return run(verb, words, defaultData, application, System.out, System.err, OperatorVerbs::confirmed);
    }

    /** @param confirmed asks whoever sits there */
    static int run(
            String verb,
            List<String> words,
            Path defaultData,
            Function<Path, OpenedApplication> application,
            PrintStream out,
            PrintStream err,
            BooleanSupplier confirmed) {
        try {
            var name = ORDERS.containsKey(verb) ? verb : verb + " " + (words.isEmpty() ? "" : words.getFirst());
            var order = ORDERS.get(name);
            if (order == null) {
                throw new Wrong(
                        verb + " knows " + known(verb) + (words.isEmpty() ? "" : ", not '" + words.getFirst() + "'"));
            }
            var rest = name.equals(verb) ? words : words.subList(1, words.size());
            var arguments = Arguments.read(name, rest, order.taken());
            var locale = language(arguments);
            var data = arguments.value("--data").map(Path::of).orElse(defaultData);
            return application.apply(data).with(beans -> {
                var messages = beans.getBean(MessageSource.class);
                return run(beans, verb, order, arguments, new Terminal(out, err, locale, messages, confirmed));
            });
        } catch (Wrong wrong) {
            return wrong(verb, wrong, err);
        }
    }

    private static int run(BeanFactory beans, String verb, Order order, Arguments arguments, Terminal terminal) {
        try {
            return beans.getBean(order.bean()).run(arguments, terminal);
        } catch (RefusalException refused) {
            return terminal.fail(refused.refusal());
        } catch (Wrong wrong) {
            return wrong(verb, wrong, terminal.err());
        }
    }

    private static int wrong(String verb, Wrong wrong, PrintStream err) {
        err.println("kentongan: " + wrong.getMessage() + "; see ./kentongan " + verb + " --help");
        return 2;
    }

    private static String known(String verb) {
        return ORDERS.keySet().stream()
                .filter(each -> each.startsWith(verb + " "))
                .map(each -> each.substring(verb.length() + 1))
                .collect(Collectors.joining(", "));
    }

    /** What was asked for, else the environment's; English where it says neither. */
    private static Locale language(Arguments arguments) throws Wrong {
        var asked = arguments.value("--language");
        if (asked.isPresent() && !Set.of("id", "en").contains(asked.get())) {
            throw new Wrong("--language is id or en, not '" + asked.get() + "'");
        }
        return Locale.of(asked.orElseGet(() -> Stream.of("LC_ALL", "LC_MESSAGES", "LANG")
                .map(System::getenv)
                .filter(each -> each != null && !each.isBlank())
                .findFirst()
                .filter(each -> each.startsWith("id"))
                .map(each -> "id")
                .orElse("en")));
    }

    private static boolean confirmed() {
        var console = System.console();
        if (console == null || !console.isTerminal()) {
            return false;
        }
        var answer = console.readLine("> ");
        return answer != null && Set.of("ya", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    }
}
