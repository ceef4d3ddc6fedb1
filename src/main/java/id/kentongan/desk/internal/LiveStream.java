// SPDX-License-Identifier: Apache-2.0
package id.kentongan.desk.internal;

import id.kentongan.identity.OfficerChanged;
import id.kentongan.inbox.ChangesMissed;
import id.kentongan.inbox.ConversationChanged;
import id.kentongan.inbox.ConversationId;
import id.kentongan.inbox.Conversations;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells open desks that something changed. It says only "inbox", "conversation" or "presence", and what befell a case:
 * "forwarded", "reopened" or "overdue". What changed is then asked for like any page, so that nobody learns an id they
 * may not see; and it is said only on the streams of those who may read what changed, or could until then. Streams are
 * bounded, beat, and end with their session.
 */
@Component
class LiveStream implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(LiveStream.class);

    static final String INBOX = "inbox";
    static final String CONVERSATION = "conversation";
    static final String PRESENCE = "presence";

    /** What befell a case, in the words of casework: said besides "inbox" to whoever may read the case now. */
    static final Set<String> NEWS = Set.of("forwarded", "reopened", "overdue");

    private static final int MOST = 1000;
    /** Changed conversations that a stream remembers until it has looked at them. */
    private static final int MOST_CHANGES = 5000;

    private static final int MOST_PER_OFFICER = 8;
    private static final Duration BEAT = Duration.ofSeconds(15);
    /** Changes come in bursts; one telling is enough for all of them. */
    private static final Duration GATHER = Duration.ofMillis(120);

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final BiPredicate<Actor, Collection<ConversationId>> readsAny;
    private final Supplier<SseEmitter> emitters;
    private volatile boolean running;

    @Autowired
    LiveStream(Conversations conversations) {
        this(conversations::readsAny, () -> new SseEmitter(0L));
    }

    /** @param readsAny whether an officer may read one of these conversations */
    LiveStream(BiPredicate<Actor, Collection<ConversationId>> readsAny, Supplier<SseEmitter> emitters) {
        this.readsAny = readsAny;
        this.emitters = emitters;
    }

    @EventListener
    void on(ConversationChanged event) {
        for (var each : listeners) {
            if (each.actor.tenant().equals(event.tenant())) {
                each.hear(event);
            }
        }
    }

    /** Whoever connects anew asks for everything once. */
    @EventListener
    void on(ChangesMissed event) {
        end(each -> true);
    }

    /** Whoever lost or gained rights connects anew, with the rights of now. */
    @EventListener
    void on(OfficerChanged event) {
        end(each -> each.actor.tenant().equals(event.tenant())
                && each.actor.id().equals(event.officer().value()));
    }

    void tell(TenantId tenant, ConversationId conversation, String what) {
        for (var each : listeners) {
            if (each.actor.tenant().equals(tenant) && conversation.equals(each.open)) {
                each.tell(what);
            }
        }
    }

    /**
     * @param open the conversation the reader has open and may see, or null
     * @param alive whether the reader's session still stands; asked at every beat
     */
    SseEmitter open(Actor actor, @Nullable ConversationId open, BooleanSupplier alive) {
        var own = listeners.stream()
                .filter(each -> each.actor.id().equals(actor.id()))
                .toList();
        if (own.size() >= MOST_PER_OFFICER) {
            // At once, so that a burst of new streams does not end the same one over and over.
            listeners.remove(own.getFirst());
            own.getFirst().end();
        } else if (listeners.size() >= MOST) {
            throw Refusal.unavailable("desk.stream-full").asException();
        }
        var listener = new Listener(actor, open, alive);
        listeners.add(listener);
        Thread.ofVirtual().name("desk-stream").start(listener);
        return listener.emitter;
    }

    int size() {
        return listeners.size();
    }

    private void end(Predicate<Listener> which) {
        listeners.stream().filter(which).forEach(Listener::end);
    }

    @Override
    public void start() {
        running = true;
    }

    /** Before the web server waits for its last requests, since these would never end by themselves. */
    @Override
    public void stop() {
        running = false;
        end(each -> true);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    private final class Listener implements Runnable {
        private static final String END = "";
        private static final String LOOK = "look";

        final Actor actor;
        final @Nullable ConversationId open;
        final BooleanSupplier alive;
        final SseEmitter emitter = emitters.get();
        private final BlockingQueue<String> news = new ArrayBlockingQueue<>(16);
        /** What changed since this stream last looked, and why; looked at on its own thread, never the publisher's. */
        private final Map<ConversationId, Set<String>> changed = new ConcurrentHashMap<>();

        Listener(Actor actor, @Nullable ConversationId open, BooleanSupplier alive) {
            this.actor = actor;
            this.open = open;
            this.alive = alive;
            emitter.onCompletion(this::end);
            emitter.onError(error -> end());
        }

        void hear(ConversationChanged event) {
            if (event.conversation().equals(open)) {
                tell(CONVERSATION);
            }
            var before = event.before();
            if (before != null && before.seenBy(actor)) {
                tell(INBOX);
            }
            if (changed.size() >= MOST_CHANGES) {
                // The database does not answer: the officer connects anew and asks for everything.
                end();
                return;
            }
            changed.merge(event.conversation(), Set.of(event.what()), (some, more) -> {
                var both = new HashSet<>(some);
                both.addAll(more);
                return both;
            });
            tell(LOOK);
        }

        /** What may be said of what changed since the last look. */
        private Set<String> seen() {
            var said = new LinkedHashSet<String>();
            var because = new HashMap<String, Set<ConversationId>>();
            for (var id : List.copyOf(changed.keySet())) {
                var why = changed.remove(id);
                if (why != null) {
                    because.computeIfAbsent(INBOX, name -> new HashSet<>()).add(id);
                    why.stream()
                            .filter(NEWS::contains)
                            .forEach(each -> because.computeIfAbsent(each, name -> new HashSet<>())
                                    .add(id));
                }
            }
            if (readsAny.test(actor, because.getOrDefault(INBOX, Set.of()))) {
                said.add(INBOX);
                because.forEach((name, ids) -> {
                    if (!name.equals(INBOX) && readsAny.test(actor, ids)) {
                        said.add(name);
                    }
                });
            }
            return said;
        }

        void tell(String what) {
            if (!news.contains(what)) {
                // A full queue already says everything that can be said.
                news.offer(what);
            }
        }

        void end() {
            news.clear();
            news.offer(END);
        }

        @Override
        public void run() {
            try {
                emitter.send(SseEmitter.event().name("ready").data("1").reconnectTime(2000));
                while (true) {
                    var first = news.poll(BEAT.toSeconds(), TimeUnit.SECONDS);
                    if (first == null) {
                        if (!alive.getAsBoolean()) {
                            break;
                        }
                        emitter.send(SseEmitter.event().comment("beat"));
                        continue;
                    }
                    Thread.sleep(GATHER);
                    var all = new LinkedHashSet<String>();
                    all.add(first);
                    news.drainTo(all);
                    if (all.contains(END)) {
                        break;
                    }
                    if (all.remove(LOOK)) {
                        all.addAll(seen());
                    }
                    for (var each : all) {
                        emitter.send(SseEmitter.event().name("changed").data(each));
                    }
                }
            } catch (IOException | IllegalStateException gone) {
                // The reader closed the page.
            } catch (DataAccessException | TransactionException away) {
                // Nobody can say now what the officer may see: they connect anew, and ask for everything then.
                log.info("A desk's stream ends because the database is away: {}", away.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                listeners.remove(this);
                emitter.complete();
            }
        }
    }
}
