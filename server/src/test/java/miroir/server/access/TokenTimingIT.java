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
import java.util.function.Function;
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
 * that is right; that this would be seen is tried with one of that kind beside.
 */
@Tag("soak")
@ExtendWith(MongoExtension.class)
final class TokenTimingIT {
    private static final int TURNS = 1_000;
    private static final int WARM_UP = 100;
    private static final int TOKENS = 2_000;
    private static final double NOISE = 1.05;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /** So that nothing is left out as useless. */
    private long sameLetters;

    private final Random random = new Random(Long.getLong("miroir.seed", 1));

    @Test
    void refusal_ofAToken_takesAsLongHoweverMuchOfItIsRight(TestDatabase database) throws Exception {
        try (AccessDocuments kept = AccessDocuments.open(TestServer.settings(database));
                AccessRegister register = AccessRegister.follow(kept)) {
            String right = issued(register);
            KnownTokens known = KnownTokens.of(register, InstantSource.system());
            assertThat(known.find(right).name()).isEqualTo("consumer/shop");

            Map<Integer, Double> medians = medians(known::find, right);
            Map<Integer, Double> compared = medians(
                    token -> {
                        sameLetters += beginning(token, right);
                        return known.find(token);
                    },
                    right);

            keep(medians, compared);
            assertThat(growth(compared)).as("what is to be seen: %s", compared).isGreaterThan(NOISE);
            assertThat(growth(medians)).as("%s", medians).isLessThan(NOISE);
        }
    }

    /** As somebody would write it who does not think of time. */
    private static int beginning(String token, String right) {
        int same = 0;
        while (same < right.length() && token.charAt(same) == right.charAt(same)) {
            same++;
        }
        return same;
    }

    /** How much longer one takes that is right but for a letter than one that is all wrong. */
    private static double growth(Map<Integer, Double> medians) {
        int most = Collections.max(medians.keySet());
        return medians.getOrDefault(most, Double.NaN) / medians.getOrDefault(0, Double.NaN);
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
    private Map<Integer, Double> medians(Function<String, Bearer> find, String right) {
        List<Integer> lengths = new ArrayList<>(
                List.of(0, TokenText.CONSUMER.length(), right.length() / 2, right.length() - 4, right.length() - 1));
        Map<Integer, List<Double>> turns = new LinkedHashMap<>();
        lengths.forEach(length -> turns.put(length, new ArrayList<>()));
        for (int turn = 0; turn < TURNS; turn++) {
            Collections.shuffle(lengths, random);
            for (int length : lengths) {
                double nanos = nanosOfRefusal(find, wrong(right, length));
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

    private static double nanosOfRefusal(Function<String, Bearer> find, List<String> tokens) {
        long begun = System.nanoTime();
        for (String token : tokens) {
            try {
                throw new AssertionError("let in: " + find.apply(token));
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

    private static void keep(Map<Integer, Double> medians, Map<Integer, Double> compared) throws Exception {
        String result = System.getProperty("miroir.soak.result");
        if (result != null) {
            Document figures = new Document("turns", TURNS - WARM_UP).append("refusals in a turn", TOKENS);
            medians.forEach((length, nanos) -> figures.append(length + " right, ns", Math.round(nanos)));
            figures.append("all but one right, by none right", growth(medians))
                    .append("the same, compared letter by letter as well", growth(compared));
            Files.writeString(Path.of(result), figures.toJson());
        }
    }
}
