package miroir.server.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.index.store.HistoryPosition;
import miroir.index.store.HistoryQuery.During;
import miroir.index.store.PagePosition;
import miroir.index.store.Total;
import miroir.server.InMemoryQueries;
import org.bson.BsonDecimal128;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokensTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    private static final Instant START = Instant.parse("2024-06-15T12:00:00Z");
    private static final PageOwner OWNER = new PageOwner("miroir", "app", "/fhir");
    private static final PageToken TOKEN = new PageToken(
            "Practitioner",
            "http://localhost/fhir",
            List.of(new QueryParameter("family:contains", "l’é\\,😀"), new QueryParameter("_count", "20")),
            new PagePosition(List.of(), 481516L),
            false,
            new Total(1234, true),
            START,
            START.plusMillis(3),
            7);

    private static final HistoryToken HISTORY = new HistoryToken(
            START, "_history", null, null, 50, "", START, new HistoryPosition(START, "Practitioner", "p1"));

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final PageTokens tokens = tokens(SECRET);

    private PageTokens tokens(byte[] secret) {
        return new PageTokens(() -> secret, Duration.ofHours(24), now::get);
    }

    private void refused(Refusal.Reason reason, String text, PageOwner owner) {
        assertThatThrownBy(() -> tokens.open(text, owner))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
    }

    @Test
    void open_givesWhatWasSealed() {
        assertThat(tokens.open(tokens.seal(TOKEN, OWNER), OWNER)).isEqualTo(TOKEN);
    }

    @Test
    void open_worksInAnotherProcessAndAfterARestart() {
        assertThat(tokens(SECRET).open(tokens.seal(TOKEN, OWNER), OWNER)).isEqualTo(TOKEN);
    }

    @Test
    void open_worksTheDayAfter() {
        now.set(Instant.parse("2024-06-15T23:59:59Z"));
        String text = tokens.seal(TOKEN, OWNER);
        now.set(Instant.parse("2024-06-16T00:00:01Z"));

        assertThat(tokens.open(text, OWNER)).isEqualTo(TOKEN);
        assertThat(tokens.open(tokens.seal(TOKEN, OWNER), OWNER)).isEqualTo(TOKEN);
    }

    @Test
    void open_ofALongQuery_findsWhatWasKept() {
        InMemoryQueries kept = new InMemoryQueries();
        PageTokens keeping = tokens(SECRET).keepingLongQueriesIn(kept);
        PageToken longer = TOKEN.asking(List.of(
                new QueryParameter("family:contains", "l’é\\,😀".repeat(400)), new QueryParameter("_count", "20")));

        String text = keeping.seal(longer, OWNER);

        assertThat(text).hasSizeLessThan(400);
        assertThat(keeping.open(text, OWNER)).isEqualTo(longer);
        assertThat(keeping.open(keeping.seal(TOKEN, OWNER), OWNER)).isEqualTo(TOKEN);

        kept.forget();
        assertThatThrownBy(() -> keeping.open(text, OWNER))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.EXPIRED));
    }

    @Test
    void open_anotherSecretIsAForgery() {
        byte[] other = SECRET.clone();
        other[0]++;

        refused(Refusal.Reason.INVALID, tokens(other).seal(TOKEN, OWNER), OWNER);
    }

    @Test
    void open_anotherTenantConsumerOrBaseIsForeign() {
        String text = tokens.seal(TOKEN, OWNER);

        refused(Refusal.Reason.INVALID, text, new PageOwner("other", "app", "/fhir"));
        refused(Refusal.Reason.INVALID, text, new PageOwner("miroir", "spy", "/fhir"));
        refused(Refusal.Reason.INVALID, text, new PageOwner("miroir", "app", "/other"));
        refused(Refusal.Reason.INVALID, text, new PageOwner("miroirapp", "", "/fhir"));
        refused(Refusal.Reason.INVALID, text, new PageOwner("miroir", "app/fhir", ""));
    }

    @Test
    void open_expired_isExpired() {
        String text = tokens.seal(TOKEN, OWNER);

        now.set(START.plus(Duration.ofHours(24)));
        refused(Refusal.Reason.EXPIRED, text, OWNER);
    }

    @Test
    void open_anyChangedBitIsAForgery() {
        byte[] sealed = Base64.getUrlDecoder().decode(tokens.seal(TOKEN, OWNER));

        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            refused(Refusal.Reason.INVALID, Base64.getUrlEncoder().encodeToString(changed), OWNER);
        }
    }

    @Test
    void open_anyCutIsAForgery() {
        String text = tokens.seal(TOKEN, OWNER);

        for (int length = 0; length < text.length(); length++) {
            refused(Refusal.Reason.INVALID, text.substring(0, length), OWNER);
        }
        refused(Refusal.Reason.INVALID, text + "AAAA", OWNER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "%%%", "é", "../../etc/passwd", "AQ", "AQ==", "AA.BB", "AQ\nAQ"})
    void open_garbageIsAForgery(String text) {
        refused(Refusal.Reason.INVALID, text, OWNER);
    }

    @Test
    void open_givesAnyTokenBack() {
        long seed = Long.getLong("miroir.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            PageToken token = randomToken(random);
            assertThat(tokens.open(tokens.seal(token, OWNER), OWNER))
                    .as("seed %d, token %d", seed, i)
                    .isEqualTo(token);
        }
    }

    @Test
    void seal_neverUsesANonceTwice() {
        Set<String> headers = new HashSet<>();
        for (PageTokens process : List.of(tokens, tokens(SECRET), tokens(SECRET))) {
            for (int i = 0; i < 100; i++) {
                byte[] sealed = Base64.getUrlDecoder().decode(process.seal(TOKEN, OWNER));
                headers.add(Arrays.toString(Arrays.copyOf(sealed, 29)));
            }
        }

        assertThat(headers).hasSize(300);
    }

    @Test
    void seal_shortQueriesAreShortAndLongOnesAreCompressed() {
        PageToken longToken = new PageToken(
                "Organization",
                "http://localhost/fhir",
                List.of(new QueryParameter("type", "https://mos.esante.gouv.fr/NOS/TRE-R66|159,".repeat(100))),
                null,
                false,
                null,
                START,
                START,
                7);

        assertThat(tokens.seal(TOKEN, OWNER)).hasSizeLessThan(260).matches("[A-Za-z0-9_-]+");
        assertThat(tokens.seal(longToken, OWNER)).hasSizeLessThan(300);
    }

    @Test
    void seal_shortSecretIsRefused() {
        assertThatThrownBy(() -> tokens(new byte[31]).seal(TOKEN, OWNER)).hasMessageContaining("31 bytes");
    }

    @Test
    void seal_asksForTheSecretUntilItAnswersAndThenNeverAgain() {
        Deque<byte[]> answers = new ArrayDeque<>(List.of(SECRET));
        AtomicBoolean away = new AtomicBoolean(true);
        PageTokens late = new PageTokens(
                () -> {
                    if (away.get()) {
                        throw new Refusal(Refusal.Reason.NOT_READY, "away");
                    }
                    return answers.remove();
                },
                Duration.ofHours(1),
                now::get);

        assertThatThrownBy(() -> late.seal(TOKEN, OWNER)).hasMessage("away");
        away.set(false);
        assertThat(late.open(late.seal(TOKEN, OWNER), OWNER)).isEqualTo(TOKEN);
    }

    @Test
    void openHistory_givesWhatWasSealed() {
        During at = new During(START.minusSeconds(60), START);
        HistoryPosition after = new HistoryPosition(START.minusMillis(1), "Practitioner", "p1");
        for (HistoryToken token : List.of(
                new HistoryToken(START, "_history", null, null, 50, "", START, after),
                new HistoryToken(
                        START,
                        "Practitioner/_history",
                        Instant.parse("0001-01-01T00:00:00Z"),
                        null,
                        1,
                        "",
                        START,
                        after),
                new HistoryToken(
                        START, "Practitioner/p1/_history", START, at, 1000, "_elements=name,active", START, after))) {
            assertThat(tokens.openHistory(tokens.seal(token, OWNER), OWNER)).isEqualTo(token);
        }
    }

    @Test
    void openHistory_ofAnotherOwnerOrAfterItsTime_isRefused() {
        String text = tokens.seal(HISTORY, OWNER);

        historyRefused(Refusal.Reason.INVALID, text, new PageOwner("other", "app", "/fhir"));
        now.set(START.plus(Duration.ofHours(24)));
        historyRefused(Refusal.Reason.EXPIRED, text, OWNER);
    }

    /** Or a search that is paged for longer than old versions are kept for it would miss some. */
    @Test
    void open_ofALaterPage_expiresWithTheFirst() {
        now.set(START.plus(Duration.ofHours(23)));
        String text = tokens.seal(TOKEN.at(new PagePosition(List.of(), 7), true), OWNER);

        assertThat(tokens.open(text, OWNER).backward()).isTrue();
        now.set(START.plus(Duration.ofHours(24)));
        refused(Refusal.Reason.EXPIRED, text, OWNER);
    }

    /** Or a history that is paged for longer than old versions are kept for it would miss some. */
    @Test
    void openHistory_ofALaterPage_expiresWithTheFirst() {
        now.set(START.plus(Duration.ofHours(23)));
        String text = tokens.seal(HISTORY, OWNER);

        assertThat(tokens.openHistory(text, OWNER)).isEqualTo(HISTORY);
        now.set(START.plus(Duration.ofHours(24)));
        historyRefused(Refusal.Reason.EXPIRED, text, OWNER);
    }

    @Test
    void open_ofTheOtherKind_isAForgery() {
        refused(Refusal.Reason.INVALID, tokens.seal(HISTORY, OWNER), OWNER);
        historyRefused(Refusal.Reason.INVALID, tokens.seal(TOKEN, OWNER), OWNER);
    }

    private void historyRefused(Refusal.Reason reason, String text, PageOwner owner) {
        assertThatThrownBy(() -> tokens.openHistory(text, owner))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
    }

    private static PageToken randomToken(Random random) {
        List<QueryParameter> query = random.ints(random.nextInt(8))
                .mapToObj(i -> new QueryParameter(randomText(random), randomText(random)))
                .toList();
        Total total = random.nextBoolean() ? null : new Total(random.nextLong(), random.nextBoolean());
        Instant first = START.minusMillis(random.nextInt(86_400_000));
        return new PageToken(
                randomText(random),
                randomText(random),
                query,
                random.nextInt(4) == 0 ? null : new PagePosition(randomKeys(random), random.nextLong()),
                random.nextBoolean(),
                total,
                first,
                first.plusMillis(random.nextInt(1000)),
                random.nextInt());
    }

    private static List<BsonValue> randomKeys(Random random) {
        return Stream.<BsonValue>generate(() -> switch (random.nextInt(4)) {
                    case 0 -> BsonNull.VALUE;
                    case 1 -> new BsonInt64(random.nextLong());
                    case 2 -> new BsonDecimal128(new Decimal128(random.nextLong()));
                    default -> new BsonString(randomText(random));
                })
                .limit(random.nextInt(4))
                .toList();
    }

    private static String randomText(Random random) {
        return random.ints(random.nextInt(120), 1, 0xd800)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
