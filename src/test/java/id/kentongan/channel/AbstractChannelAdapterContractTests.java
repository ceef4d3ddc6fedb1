// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import id.kentongan.archive.Subject;
import id.kentongan.archive.Trail;
import id.kentongan.channel.Capabilities.Answering;
import id.kentongan.channel.Counterpart.Manner;
import id.kentongan.channel.spi.ChannelAdapter;
import id.kentongan.channel.spi.Finding;
import id.kentongan.channel.spi.RawDelivery;
import id.kentongan.channel.spi.SendOutcome;
import id.kentongan.channel.spi.UnreadableDelivery;
import id.kentongan.database.ActorTransactions;
import id.kentongan.inbox.ConversationFilter;
import id.kentongan.inbox.ConversationFilter.Box;
import id.kentongan.inbox.Conversations;
import id.kentongan.inbox.MessageView;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.Role;
import id.kentongan.testing.TestTenants;
import id.kentongan.testing.TestTenants.TestTenant;
import id.kentongan.testing.WithDatabase;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.MessageSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What every adapter promises, on the real engine and database. A network's test says how its deliveries look and plays
 * the network ({@link Counterpart}); what a network does not know (an edit, a reaction) it leaves empty, and the test of
 * it is left out by name. See docs/how-to/add-a-channel.md.
 */
@WithDatabase
public abstract class AbstractChannelAdapterContractTests {
    private static final Instant RECEIVED = Instant.parse("2026-11-24T01:00:00Z");
    private static final JsonMapper JSON = new JsonMapper();

    @Autowired
    protected TestTenants tenants;

    @Autowired
    protected Accounts accounts;

    @Autowired
    protected Intake intake;

    @Autowired
    protected Outbox outbox;

    @Autowired
    protected Conversations conversations;

    @Autowired
    ActorTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Trail trail;

    @Autowired
    MessageSource texts;

    @SuppressWarnings("NullAway.Init")
    protected TestTenant tenant;

    @SuppressWarnings("NullAway.Init")
    protected Account account;

    // ---- what a network's test says -----------------------------------------------------------------------------

    protected abstract ChannelAdapter adapter();

    /** Adds an account of the network to the test's tenant. */
    protected abstract Account open();

    /** The network as the test plays it; empty where there is none to be reached (our own web form). */
    protected abstract Optional<Counterpart> counterpart();

    /** Whether what people write arrives as markup; elsewhere it is text, whatever it looks like. */
    protected abstract boolean speaksMarkup();

    /** A person says the text to us, under a key the test can name again; empty for an audience it does not know. */
    protected abstract Optional<Delivery> said(String key, String text, Audience audience);

    /** The same message told once more, as the network tells it again: in another envelope. */
    protected Optional<Delivery> saidAgain(String key, String text) {
        return Optional.empty();
    }

    /** With one picture, {@link #jpeg()}, described as "Lubang di jalan" where the network has such words. */
    protected Optional<Delivery> saidWithPicture(String key, String text) {
        return Optional.empty();
    }

    /** @param time 1 for the first change of the message, 2 for the next */
    protected Optional<Delivery> edited(String key, String text, int time) {
        return Optional.empty();
    }

    protected Optional<Delivery> deleted(String key) {
        return Optional.empty();
    }

    /** A reaction to that message of ours, or its end. */
    protected Optional<Delivery> reacted(String remoteKey, boolean undone) {
        return Optional.empty();
    }

    protected Optional<Delivery> followed(boolean undone) {
        return Optional.empty();
    }

    /** The person of {@link #said} erased their account. */
    protected Optional<Delivery> left() {
        return Optional.empty();
    }

    /** The network confirms that message of ours. */
    protected Optional<Delivery> confirmed(String remoteKey) {
        return Optional.empty();
    }

    /** Well formed, and of a kind that nobody has heard of yet: what the network may invent tomorrow. */
    protected abstract Delivery unheardOf();

    /** Further broken deliveries of this network, each by a name. */
    protected Map<String, byte[]> broken() {
        return Map.of();
    }

    /** The same delivery with fields that the network may add tomorrow; of JSON, in every object. */
    protected Delivery withMore(Delivery delivery) {
        var node = JSON.readTree(delivery.body());
        addFields(node, maps());
        return new Delivery(delivery.headers(), JSON.writeValueAsBytes(node));
    }

    /** Of JSON: the names of objects that are maps, in which another field would be another entry. */
    protected Set<String> maps() {
        return Set.of();
    }

    /** An answer to what {@link #said} delivered under that key, to the one who said it. */
    protected abstract Outgoing answer(String key, String text, Audience audience, List<Attachment> attachments);

    /** Headers and body as they reach the intake. */
    public record Delivery(Map<String, String> headers, byte[] body) {
        public static Delivery of(String body) {
            return new Delivery(Map.of(), body.getBytes(StandardCharsets.UTF_8));
        }
    }

    @BeforeEach
    void aTenantWithAnAccount() {
        tenant = tenants.found();
        account = open();
    }

    protected final Actor actor() {
        return tenant.system();
    }

    // ---- what it can do -----------------------------------------------------------------------------------------

    @Test
    void itSaysWhatItCanDo() {
        var able = able();
        assertThat(adapter().network()).isEqualTo(account.network());
        assertThat(able.perMinute()).isNotNegative();
        assertThat(able.doubt().harmlessFor()).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(audiences()).as("nobody opens an account that cannot answer").isNotEmpty();
        assertThat(accounts.capabilities(actor(), account.id())).contains(able);
        for (var audience : audiences()) {
            var answering = able.answering(audience).orElseThrow();
            var window = answering.window();
            assertThat(window == null || window.isPositive()).isTrue();
            assertThat(answering.media().stream().map(MediaLimit::kind)).doesNotHaveDuplicates();
        }
    }

    // ---- hearing ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void whatAPersonSaysToUsIsReadAsSaidToWhomItWasSaid(Audience audience) throws Exception {
        var delivery = said("satu", "Jalan rusak di depan pasar", audience);
        assumeTrue(delivery.isPresent(), "The network knows no such audience");
        assertThat(said(delivery.get())).satisfies(said -> {
            assertThat(said.text()).isEqualTo("Jalan rusak di depan pasar");
            assertThat(said.audience()).isEqualTo(audience);
            assertThat(said.remoteKey()).isNotBlank();
            assertThat(said.author().key()).isNotBlank();
            assertThat(said.author().handle()).isNotBlank();
            assertThat(said.addressed()).isTrue();
            assertThat(said.at()).isBeforeOrEqualTo(RECEIVED);
        });
    }

    @Test
    void theSameDeliveryReadTwiceGivesTheSameItems() throws Exception {
        var delivery = said("dua", "Lampu jalan mati");
        assertThat(read(delivery)).isEqualTo(read(delivery));
    }

    @Test
    void theSameMessageToldOnceMoreHasTheSameKey() throws Exception {
        var again = saidAgain("dua", "Lampu jalan mati");
        assumeTrue(again.isPresent(), "The network tells each message once");
        assertThat(said(again.get()).remoteKey())
                .isEqualTo(said(said("dua", "Lampu jalan mati")).remoteKey());
    }

    @Test
    void differentMessagesHaveDifferentKeys() throws Exception {
        assertThat(said(said("tiga", "Air keruh")).remoteKey())
                .isNotEqualTo(said(said("empat", "Air keruh")).remoteKey());
    }

    @Test
    void anEditNamesWhatItChangesAndDiffersFromItAndFromTheNextOne() throws Exception {
        var edit = edited("lima", "Lampu jalan sudah menyala", 1);
        assumeTrue(edit.isPresent(), "The network tells no edits");
        var next = edited("lima", "Lampu jalan padam lagi", 2).orElseThrow();
        // Before what it changes was ever read: a network promises no order.
        var first = only(Item.Edited.class, edit.get());
        var second = only(Item.Edited.class, next);
        var original = said(said("lima", "Lampu jalan mati"));
        assertThat(first.targetKey()).isEqualTo(original.remoteKey()).isEqualTo(second.targetKey());
        assertThat(first.text()).isEqualTo("Lampu jalan sudah menyala");
        assertThat(List.of(original.remoteKey(), first.remoteKey(), second.remoteKey()))
                .doesNotHaveDuplicates();
        assertThat(second.at()).as("the later change counts").isAfter(first.at());
    }

    @Test
    void aDeletionNamesWhatItDestroysAndDiffersFromIt() throws Exception {
        var deletion = deleted("enam");
        assumeTrue(deletion.isPresent(), "The network tells no deletions");
        var deleted = only(Item.Deleted.class, deletion.get());
        var original = said(said("enam", "Salah tulis"));
        assertThat(deleted.targetKey()).isEqualTo(original.remoteKey());
        assertThat(deleted.remoteKey()).isNotEqualTo(original.remoteKey());
        // Who takes it back is told, unless the network itself lets nobody else do it.
        assertThat(deleted.authorKey()).isIn(original.author().key(), null);
    }

    @Test
    void aReactionNamesWhatItIsAboutAndMayBeTakenBack() throws Exception {
        var ours = ours("tujuh");
        var reaction = reacted(ours, false);
        assumeTrue(reaction.isPresent(), "The network tells no reactions");
        var given = only(Item.Reacted.class, reaction.get());
        assertThat(given.targetKey()).isEqualTo(ours);
        assertThat(given.undone()).isFalse();
        var end = reacted(ours, true);
        if (end.isPresent()) {
            var taken = only(Item.Reacted.class, end.get());
            assertThat(taken.undone()).isTrue();
            assertThat(taken.targetKey()).isEqualTo(ours);
            assertThat(taken.reaction()).isEqualTo(given.reaction());
            assertThat(taken.remoteKey()).isNotEqualTo(given.remoteKey());
        }
    }

    @Test
    void aFollowIsReadAsFollowedAndItsEndAsItsEnd() throws Exception {
        var follow = followed(false);
        assumeTrue(follow.isPresent(), "The network tells no followers");
        assertThat(only(Item.Followed.class, follow.get()).undone()).isFalse();
        assertThat(only(Item.Followed.class, followed(true).orElseThrow()).undone())
                .isTrue();
    }

    @Test
    void whoErasedTheirAccountIsTheOneWhoSpoke() throws Exception {
        var author = said(said("pergi", "Halo")).author().key();
        var left = left();
        assumeTrue(left.isPresent(), "The network does not tell who left");
        assertThat(only(Item.Left.class, left.get()).authorKey()).isEqualTo(author);
    }

    @Test
    void aPictureComesWithItsKindAndWords() throws Exception {
        var delivery = saidWithPicture("gambar", "Lihat ini");
        assumeTrue(delivery.isPresent(), "The network carries no pictures");
        assertThat(said(delivery.get()).attachments()).singleElement().satisfies(each -> {
            assertThat(each.mediaType()).startsWith("image/");
            assertThat(each.content() != null || each.url() != null).isTrue();
            assertThat(each.description()).isIn("Lubang di jalan", null);
        });
    }

    @Test
    void whatIsUnheardOfIsNothingOrUnreadableAndThenKept() throws Exception {
        var delivery = unheardOf();
        try {
            assertThat(read(delivery)).isEmpty();
        } catch (UnreadableDelivery e) {
            assertWords(e.code());
            keptAndRetryable(delivery, e.code());
        }
    }

    @Test
    void fieldsThatWeDoNotKnowChangeNothing() throws Exception {
        var delivery = said("lebih", "Sampah menumpuk");
        assertThat(read(withMore(delivery))).isEqualTo(read(delivery));
    }

    @Test
    void whatCannotBeReadIsUnreadableAndNeverBreaksTheAdapter() {
        var bodies = unreadable();
        bodies.putAll(broken());
        for (var each : bodies.entrySet()) {
            var delivery = new Delivery(said("delapan", "x").headers(), each.getValue());
            try {
                assertThat(read(delivery))
                        .as("nothing is made of: %s", each.getKey())
                        .isEmpty();
            } catch (UnreadableDelivery e) {
                assertThat(e.code()).as(each.getKey()).matches("[a-z0-9-]+");
                assertWords(e.code());
            }
        }
    }

    @Test
    void whatCannotBeReadIsKeptShownWithWordsAndMayBeRetried() {
        keptAndRetryable(new Delivery(said("rusak", "x").headers(), text("{\"setengah\": ")), null);
    }

    /** As an administrator finds it, reads why, and has it read again. */
    private void keptAndRetryable(Delivery delivery, @Nullable String code) {
        var id = intake.accept(actor(), account.id(), delivery.headers(), delivery.body());
        var admin = tenants.officer(tenant, tenant.office(), false, Role.ADMINISTRATOR);
        await(() -> failed(admin).size() == 1);
        var failed = failed(admin).getFirst();
        assertThat(failed.id()).isEqualTo(id);
        assertWords(failed.code());
        if (code != null) {
            assertThat(failed.code()).isEqualTo(code);
        }
        intake.replay(admin, List.of(id));
        await(() -> trail.about(actor(), new Subject("delivery", id.value())).stream()
                        .filter(line -> line.entry().verb().equals("channel.delivery-failed"))
                        .count()
                == 2);
        assertThat(failed(admin)).hasSize(1);
    }

    private List<Intake.FailedDelivery> failed(Actor admin) {
        return intake.failed(admin, null, 10).items();
    }

    @Test
    void aScriptIsTextOrGoneButNeverMarkup() throws Exception {
        var typed = "halo <b>dunia</b> <script>alert(1)</script>";
        var said = said(said("sembilan", typed));
        if (speaksMarkup()) {
            assertThat(said.text()).startsWith("halo dunia").doesNotContain("<", "alert");
        } else {
            assertThat(said.text()).isEqualTo(typed);
        }
    }

    @Test
    void whateverPeopleWriteIsTakenIn() {
        var officer = officer();
        var hard = List.of(
                "nol \u0000 di tengah",
                "setengah \uD83D pasangan",
                "emoji \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67 dan \u202Ebalik\u202C",
                "panjang " + "sekali ".repeat(20_000),
                "'; drop table inbox.message; --");
        for (var n = 0; n < hard.size(); n++) {
            take(said("sulit" + n, hard.get(n)));
        }
        await(() -> heard(officer).size() == hard.size());
        assertThat(failed(tenants.officer(tenant, tenant.office(), false, Role.ADMINISTRATOR)))
                .isEmpty();
    }

    @Test
    void anyOrderAndAnyRepetitionEndInTheSameConversation() {
        var random = new Random(20_261_124);
        List<String> expected = null;
        for (var n = 0; n < 4; n++) {
            aTenantWithAnAccount();
            var officer = officer();
            var history = history();
            if (n > 0) {
                Collections.shuffle(history, random);
            }
            history.forEach(this::take);
            take(history.get(random.nextInt(history.size())));
            await(() -> waiting() == 0);
            var found = heard(officer);
            assertThat(found).isNotEmpty();
            expected = expected == null ? found : expected;
            assertThat(found).as("order %d", n).isEqualTo(expected);
        }
    }

    private List<Delivery> history() {
        var history = new ArrayList<Delivery>();
        history.add(said("awal", "Jalan rusak"));
        edited("awal", "Jalan rusak berat", 1).ifPresent(history::add);
        edited("awal", "Jalan rusak berat di RT 3", 2).ifPresent(history::add);
        history.add(said("kedua", "Belum ada perbaikan"));
        history.add(said("salah", "Salah kirim"));
        deleted("salah").ifPresent(history::add);
        saidAgain("kedua", "Belum ada perbaikan").ifPresent(history::add);
        return history;
    }

    /** Everything an officer reads of what citizens said, in no order but its own. */
    private List<String> heard(Actor officer) {
        return conversations.list(officer, ConversationFilter.of(Box.ALL), null, 100).items().stream()
                .flatMap(row -> conversations.messages(officer, row.id(), null, 100).items().stream())
                .filter(each -> each.direction() == MessageView.Direction.IN)
                .map(each -> each.text() + " " + each.earlier() + " " + (each.deletedAt() != null))
                .sorted()
                .toList();
    }

    /** How many deliveries are still to be taken in. */
    private int waiting() {
        return transactions.read(
                actor(),
                () -> jdbc.sql("select count(*) from channel.delivery where state in ('new', 'claimed', 'retry')")
                        .query(Integer.class)
                        .single());
    }

    private void take(Delivery delivery) {
        intake.accept(actor(), account.id(), delivery.headers(), delivery.body());
    }

    // ---- telling ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void anAnswerArrivesOnceUnderItsKeyAndForWhomItIsMeant(Audience audience) {
        assumeTrue(audiences().contains(audience), "The network has no such answers");
        var outgoing = answer("sepuluh", "Terima kasih, sudah kami teruskan.", audience, List.of());
        var foretold = adapter().keyOf(actor(), account.id(), outgoing.id());
        var sent = sent(outgoing);
        assertThat(sent.remoteKey()).isNotBlank();
        foretold.ifPresent(key -> assertThat(sent.remoteKey()).isEqualTo(key));
        counterpart()
                .ifPresent(network -> assertThat(network.holds())
                        .singleElement()
                        .satisfies(arrived -> {
                            assertThat(arrived.text()).contains("Terima kasih, sudah kami teruskan.");
                            assertThat(arrived.audience()).isEqualTo(audience);
                        }));
    }

    @Test
    void whereARepetitionIsHarmlessTheSecondSendSaysNothingNew() {
        assumeTrue(able().doubt().harmlessFor().isPositive(), "A repetition is not harmless here");
        var outgoing = answer("sebelas", "Petugas menuju lokasi.", audience(), List.of());
        var first = sent(outgoing);
        assertThat(sent(outgoing)).isEqualTo(first);
        counterpart().ifPresent(network -> assertThat(network.holds()).hasSize(1));
    }

    @Test
    void whatTheNetworkHoldsIsFoundThereAndWhatItDoesNotHoldIsNot() {
        assumeTrue(able().doubt().readable(), "The network cannot be read");
        var outgoing = answer("cari", "Sudah diperbaiki.", audience(), List.of());
        assertThat(adapter().find(actor(), account, outgoing)).isNotInstanceOf(Finding.Found.class);
        var sent = sent(outgoing);
        assertThat(adapter().find(actor(), account, outgoing))
                .isInstanceOfSatisfying(
                        Finding.Found.class,
                        found -> assertThat(found.remoteKey()).isEqualTo(sent.remoteKey()));
    }

    @Test
    void aTextAsLongAsTheNetworkTakesArrivesWholeAndALongerOneHasAnOutcome() {
        for (var audience : audiences()) {
            var answering = able().answering(audience).orElseThrow();
            var whole = longest(answering);
            assertThat(adapter().send(actor(), account, answer("panjang", whole, audience, List.of())))
                    .isInstanceOf(SendOutcome.Sent.class);
            counterpart()
                    .ifPresent(network -> assertThat(network.holds())
                            .anySatisfy(arrived -> assertThat(arrived.text()).contains(whole)));
            assertThatCode(() -> adapter().send(actor(), account, answer("lebih", whole + "a", audience, List.of())))
                    .doesNotThrowAnyException();
        }
    }

    private static String longest(Answering answering) {
        var most = answering.text().stream().mapToInt(TextLimit::most).min().orElseThrow();
        return "a".repeat(most);
    }

    @Test
    void picturesArriveWithTheirWordsAndWhatIsNoPictureDoesNotGoOut() {
        var audience = audiences().stream()
                .filter(each ->
                        able().answering(each).flatMap(Answering::pictures).isPresent())
                .findFirst()
                .orElse(null);
        assumeTrue(audience != null, "The network carries no pictures");
        var picture = new Attachment(null, "image/jpeg", "Jalan yang sudah ditambal", jpeg());
        sent(answer("gambar", "Sudah ditambal.", Objects.requireNonNull(audience), List.of(picture)));
        var lie = new Attachment(null, "image/png", "x", text("bukan gambar"));
        var refused = adapter().send(actor(), account, answer("bohong", "Lihat", audience, List.of(lie)));
        counterpart().ifPresent(network -> {
            assertThat(refused).isInstanceOf(SendOutcome.Refused.class);
            assertThat(network.holds())
                    .singleElement()
                    .satisfies(arrived -> assertThat(arrived.pictures()).containsExactly("Jalan yang sudah ditambal"));
        });
    }

    @Test
    void whatWasSaidIsChangedWhereItWentAndTwiceEndsAsOnce() {
        var outgoing = answer("ubah", "Besok pagi.", audience(), List.of());
        sent(outgoing);
        var changed = answer("ubah", "Lusa pagi.", audience(), List.of());
        if (able().edit() == null) {
            assertThat(adapter().edit(actor(), account, outgoing.id(), changed))
                    .isInstanceOf(SendOutcome.Refused.class);
            return;
        }
        for (var time = 0; time < 2; time++) {
            assertThat(adapter().edit(actor(), account, outgoing.id(), changed)).isInstanceOf(SendOutcome.Sent.class);
            counterpart()
                    .ifPresent(network -> assertThat(network.holds())
                            .singleElement()
                            .satisfies(arrived -> assertThat(arrived.text()).contains("Lusa pagi.")));
        }
    }

    @Test
    void whatWasSaidIsTakenBackWhereItWentAndTwiceEndsAsOnce() {
        var outgoing = answer("tarik", "Salah alamat.", audience(), List.of());
        sent(outgoing);
        var withdrawal = answer("tarik", "", audience(), List.of());
        if (able().withdrawal() == null) {
            assertThat(adapter().withdraw(actor(), account, outgoing.id(), withdrawal))
                    .isInstanceOf(SendOutcome.Refused.class);
            return;
        }
        for (var time = 0; time < 2; time++) {
            assertThat(adapter().withdraw(actor(), account, outgoing.id(), withdrawal))
                    .isInstanceOf(SendOutcome.Sent.class);
            counterpart().ifPresent(network -> assertThat(network.holds()).isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatBecameOfASendIsToldAsItIs(Manner manner) {
        var network = network();
        // Whom it goes to is known before the network changes its manner.
        sent(answer("kenal", "Halo", audience(), List.of()));
        assumeTrue(network.behaves(manner), "The network has no such way");
        var outcome = adapter().send(actor(), account, answer("cara", "Sudah kami teruskan.", audience(), List.of()));
        switch (manner) {
            case TAKES -> assertThat(outcome).isInstanceOf(SendOutcome.Sent.class);
            case IN_TROUBLE, UNREACHABLE -> assertThat(outcome).isInstanceOf(SendOutcome.Retry.class);
            case ASKS_TO_WAIT ->
                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                SendOutcome.Retry.class,
                                retry -> assertThat(retry.after()).isGreaterThanOrEqualTo(Manner.WAIT));
            case REFUSES -> assertThat(outcome).isInstanceOf(SendOutcome.Refused.class);
            case TAKES_WITHOUT_A_WORD -> assertThat(outcome).isInstanceOf(SendOutcome.Unknown.class);
            case SHUTS_OUT -> assertThat(outcome).isInstanceOf(SendOutcome.ShutOut.class);
        }
        switch (outcome) {
            case SendOutcome.Sent sent -> assertThat(sent.remoteKey()).isNotBlank();
            case SendOutcome.Retry(var after, var code) -> assertWords(code);
            case SendOutcome.Refused(var code) -> assertWords(code);
            case SendOutcome.Unknown(var code) -> assertWords(code);
            case SendOutcome.ShutOut(var code) -> assertWords(code);
        }
    }

    @Test
    void theOutboxSendsOnceAndKnowsWhatTheNetworkCallsIt() {
        var id = outbox.submit(actor(), answer("kotak", "Sudah kami catat.", audience(), List.of()));
        await(() -> state(id) == OutgoingStatus.State.SENT);
        assertThat(outbox.statuses(actor(), List.of(id)).get(id).remoteKey()).isNotBlank();
        counterpart().ifPresent(network -> assertThat(network.holds()).hasSize(1));
    }

    @Test
    void whatMayHaveArrivedIsNeverSaidTwiceAndEndsKnownOrVisiblyUnknown() {
        var network = network();
        sent(answer("kenal", "Halo", audience(), List.of()));
        assumeTrue(network.behaves(Manner.TAKES_WITHOUT_A_WORD), "The network has no such way");
        var id = outbox.submit(actor(), answer("ragu", "Sudah dikerjakan.", audience(), List.of()));
        await(() -> network.holds().size() == 2 && state(id) != OutgoingStatus.State.SENDING);
        network.behaves(Manner.TAKES);
        var doubt = able().doubt();
        if (doubt.harmlessFor().isZero() && !doubt.readable()) {
            await(() -> state(id) == OutgoingStatus.State.UNKNOWN);
        } else {
            var officer = officer();
            await(() -> {
                outbox.settle(officer, id, false);
                return state(id) == OutgoingStatus.State.SENT;
            });
        }
        assertThat(network.holds()).hasSize(2);
    }

    @Test
    void theNetworksReceiptConfirmsOurMessage() throws Exception {
        var sent = sent(answer("terima", "Sudah selesai.", audience(), List.of()));
        var receipt = confirmed(sent.remoteKey());
        assumeTrue(receipt.isPresent(), "The network confirms nothing");
        assertThat(read(receipt.get()))
                .anySatisfy(item -> assertThat(item)
                        .isInstanceOfSatisfying(
                                Item.Receipt.class,
                                confirmed -> assertThat(confirmed.targetKey()).isEqualTo(sent.remoteKey())));
    }

    // ---- how ----------------------------------------------------------------------------------------------------

    private Capabilities able() {
        return adapter().capabilities(account);
    }

    /** For whom answers can be made here. */
    private List<Audience> audiences() {
        var able = able();
        var all = new ArrayList<Audience>();
        for (var audience : Audience.values()) {
            if (said("siapa", "x", audience).isPresent()
                    && able.answering(audience).isPresent()) {
                all.add(audience);
            }
        }
        return all;
    }

    private Audience audience() {
        return audiences().getLast();
    }

    private Counterpart network() {
        return counterpart().orElseGet(() -> abort("There is no network to be reached"));
    }

    private SendOutcome.Sent sent(Outgoing outgoing) {
        var outcome = adapter().send(actor(), account, outgoing);
        assertThat(outcome).isInstanceOf(SendOutcome.Sent.class);
        return (SendOutcome.Sent) outcome;
    }

    /** The key of something that we said. */
    private String ours(String key) {
        return sent(answer(key, "Sama-sama.", audience(), List.of())).remoteKey();
    }

    private Actor officer() {
        return tenants.officer(tenant, tenant.office(), true, Role.COMMUNICATION_OFFICER);
    }

    private OutgoingStatus.State state(OutgoingId id) {
        return Objects.requireNonNull(outbox.statuses(actor(), List.of(id)).get(id))
                .state();
    }

    /** A person says the text to us, for whomever the network lets them. */
    private Delivery said(String key, String text) {
        for (var audience : Audience.values()) {
            var delivery = said(key, text, audience);
            if (delivery.isPresent()) {
                return delivery.get();
            }
        }
        throw new AssertionError("Nobody can say anything on this network");
    }

    private Item.Said said(Delivery delivery) throws UnreadableDelivery {
        return only(Item.Said.class, delivery);
    }

    private <T extends Item> T only(Class<T> kind, Delivery delivery) throws UnreadableDelivery {
        var items = read(delivery).stream().filter(kind::isInstance).toList();
        assertThat(items).hasSize(1);
        return kind.cast(items.getFirst());
    }

    private List<Item> read(Delivery delivery) throws UnreadableDelivery {
        return adapter()
                .read(
                        actor(),
                        new RawDelivery(
                                DeliveryId.next(),
                                account.id(),
                                account.network(),
                                RECEIVED,
                                delivery.headers(),
                                delivery.body()));
    }

    private void assertWords(String code) {
        var key = "channel.failure." + (code.startsWith("peer-answered-") ? "peer-answered" : code);
        for (var locale : List.of(Locale.of("id"), Locale.ENGLISH)) {
            assertThat(texts.getMessage(key, new Object[] {""}, null, locale))
                    .as("%s in %s", key, locale)
                    .isNotBlank();
        }
    }

    private static Map<String, byte[]> unreadable() {
        var bodies = new LinkedHashMap<String, byte[]>();
        bodies.put("nothing", new byte[0]);
        bodies.put("not JSON", text("bukan JSON"));
        bodies.put("bytes", new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 1});
        bodies.put("null", text("null"));
        bodies.put("a number", text("17"));
        bodies.put("a list", text("[]"));
        bodies.put("an empty object", text("{}"));
        bodies.put("half an object", text("{\"type\": \"Create\", \"object\": "));
        bodies.put("another kind of thing", text("{\"type\": \"Tidak dikenal\", \"id\": 7, \"object\": [[]]}"));
        bodies.put("nested 10,000 deep", text("[".repeat(10_000) + "]".repeat(10_000)));
        bodies.put("objects nested 10,000 deep", text("{\"object\":".repeat(10_000) + "1" + "}".repeat(10_000)));
        return bodies;
    }

    protected static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void addFields(JsonNode node, Set<String> maps) {
        if (node instanceof ObjectNode object) {
            object.properties().stream()
                    .filter(each -> !maps.contains(each.getKey()))
                    .toList()
                    .forEach(each -> addFields(each.getValue(), maps));
            object.put("baru", "belum dikenal");
            object.putObject("baruLagi").put("isi", 1);
        } else if (node.isArray()) {
            node.forEach(each -> addFields(each, maps));
        }
    }

    protected static byte[] jpeg() {
        var picture = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB), "jpeg", picture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return picture.toByteArray();
    }

    /** As JSON may write any text: every sign that is not plain by its number. */
    protected static String escaped(String text) {
        var json = new StringBuilder();
        for (var sign : text.toCharArray()) {
            if (sign == '"' || sign == '\\' || sign < ' ' || sign > '~') {
                json.append("\\u%04x".formatted((int) sign));
            } else {
                json.append(sign);
            }
        }
        return json.toString();
    }

    protected static void await(BooleanSupplier wanted) {
        var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!wanted.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("It did not happen within a minute");
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
