package miroir.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import miroir.index.Refusal;
import miroir.server.TestServer;
import miroir.storage.access.AccessDocuments;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whether the time of refusing a token says how much of it is right.
 *
 * <p>Wrong tokens that begin like the right one, by so many characters, are given in turns, with none before the other for long: what slows
 * the machine slows all. What is compared are the medians of many turns. A comparison that ends at the first difference takes longer for each character
 * that is right, so the last figure would stand above the first.
 */
@Tag("soak")
@ExtendWith(MongoExtension.class)
final class TokenTimingIT {
    private static final int TURNS = 400;
    private static final int WARM_UP = 40;
    private static final int TOKENS = 2_000;
    private static final double NOISE = 1.02;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final Random random = new Random(Long.getLong("miroir.seed", 1));

    @Test
    void refusal_ofAToken_takesAsLongHoweverMuchOfItIsRight(TestDatabase database) throws Exception {
        try (AccessDocuments kept = AccessDocuments.open(TestServer.settings(database));
                AccessRegister register = AccessRegister.follow(kept)) {
            String right = issued(register);
            KnownTokens known = KnownTokens.of(register, InstantSource.system());
            assertThat(known.find(right).name()).isEqualTo("consumer/shop");

            Map<Integer, Double> medians = medians(known, right);

            double slowest = Collections.max(medians.values());
            double fastest = Collections.min(medians.values());
            keep(medians);
            assertThat(slowest / fastest).as("%s", medians).isLessThan(NOISE);
        }
    }

    private static String issued(AccessRegister register) {
        EditAccess edit = new EditAccess(
                register,
                () -> {
                    throw new AssertionError("no permission is read");
                },
                InstantSource.system());
        edit.putConsumer("shop", "", List.of(), List.of("reader"), 0);
        return edit.issue("shop", "till", null).text();
    }

    /** Of a refusal in nanoseconds, by how many characters are right. */
    private Map<Integer, Double> medians(KnownTokens known, String right) {
        List<Integer> lengths = new ArrayList<>(
                List.of(0, TokenText.CONSUMER.length(), right.length() / 2, right.length() - 4, right.length() - 1));
        Map<Integer, List<Double>> turns = new LinkedHashMap<>();
        lengths.forEach(length -> turns.put(length, new ArrayList<>()));
        for (int turn = 0; turn < TURNS; turn++) {
            Collections.shuffle(lengths, random);
            for (int length : lengths) {
                double nanos = nanosOfRefusal(known, wrong(right, length));
                if (turn >= WARM_UP) {
                    turns.getOrDefault(length, List.of()).add(nanos);
                }
            }
        }
        Map<Integer, Double> medians = new LinkedHashMap<>();
        turns.forEach((length, all) -> medians.put(length, median(all)));
        return medians;
    }

    /** As long as the right one, and other than it from there on. */
    private List<String> wrong(String right, int length) {
        List<String> wrong = new ArrayList<>();
        while (wrong.size() < TOKENS) {
            StringBuilder text = new StringBuilder(right.substring(0, length));
            while (text.length() < right.length()) {
                char next = LETTERS.charAt(random.nextInt(LETTERS.length()));
                if (text.length() > length || next != right.charAt(length)) {
                    text.append(next);
                }
            }
            wrong.add(text.toString());
        }
        return wrong;
    }

    private static double nanosOfRefusal(KnownTokens known, List<String> tokens) {
        long begun = System.nanoTime();
        for (String token : tokens) {
            try {
                throw new AssertionError("let in: " + known.find(token));
            } catch (Refusal expected) {
                assert expected.reason() == Refusal.Reason.TOKEN_REFUSED;
            }
        }
        return (double) (System.nanoTime() - begun) / tokens.size();
    }

    private static double median(List<Double> of) {
        List<Double> sorted = of.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static void keep(Map<Integer, Double> medians) throws Exception {
        String result = System.getProperty("miroir.soak.result");
        if (result != null) {
            Document figures = new Document("turns", TURNS - WARM_UP).append("refusals in a turn", TOKENS);
            medians.forEach((length, nanos) -> figures.append(length + " right, ns", Math.round(nanos)));
            Files.writeString(Path.of(result), figures.toJson());
        }
    }
}
