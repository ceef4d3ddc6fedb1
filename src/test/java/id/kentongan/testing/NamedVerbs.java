// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import id.kentongan.archive.Trail;
import id.kentongan.archive.TrailEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Properties;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Refuses, in every test with a database, an entry of the trail whose verb has no words in {@code docs/trail.md}. */
final class NamedVerbs implements BeanPostProcessor {
    private static final Properties WORDS = new Properties();

    static {
        try (var reader = Files.newBufferedReader(Path.of("src/main/resources/messages/desk.properties"))) {
            WORDS.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof Trail trail ? asking(trail) : bean;
    }

    private static Trail asking(Trail trail) {
        return (Trail) Proxy.newProxyInstance(
                Trail.class.getClassLoader(), new Class<?>[] {Trail.class}, (proxy, method, arguments) -> {
                    if (arguments != null && method.getName().startsWith("record")) {
                        for (var argument : arguments) {
                            named(argument);
                        }
                    }
                    try {
                        return method.invoke(trail, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void named(Object argument) {
        if (argument instanceof Collection<?> many) {
            many.forEach(NamedVerbs::named);
        }
        // Tests of the trail itself make verbs up.
        if (argument instanceof TrailEntry entry
                && !entry.verb().startsWith("test.")
                && !WORDS.containsKey("desk.trail.verb." + entry.verb())) {
            throw new IllegalStateException("The verb " + entry.verb()
                    + " has no words: give it desk.trail.verb." + entry.verb()
                    + " in messages/desk.properties and desk_en.properties, then run ./kentongan docs");
        }
    }
}
