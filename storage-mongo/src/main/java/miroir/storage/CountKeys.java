package miroir.storage;

import com.mongodb.client.model.CountOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import miroir.index.search.Condition;
import miroir.index.store.Deadline;

/**
 * How many documents an index finds for a condition, counted no further than is needed to choose, and remembered for a
 * minute: what is frequent stays frequent, and a choice made on an old count is slower at worst, never wrong.
 */
final class CountKeys {
    private static final long FRESH = Duration.ofSeconds(60).toNanos();
    private static final Set<String> UNIQUE = Set.of(StoredFields.ID, StoredFields.POSITION);
    private static final int REMEMBERED = 10_000;

    /** In characters. Of longer conditions, one of which can have 65 kB, a short name is remembered. */
    private static final int LONGEST_REMEMBERED = 1_000;

    private final StoreDatabase database;
    private final Map<Question, Answer> answers;

    /**
     * What is counted.
     *
     * @param keys as text, or a short name for that; empty: all of the type
     */
    private record Question(String type, String keys) {
        static Question of(String type, Condition keys) {
            String text = keys.toString();
            return new Question(
                    type,
                    text.length() <= LONGEST_REMEMBERED ? text : HashName.of(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /**
     * What was counted.
     *
     * @param atMost no further than this: there are more where it is the count
     */
    private record Answer(long count, long atMost, long countedAt) {
        boolean tells(long asked) {
            return count < atMost || asked <= atMost;
        }
    }

    CountKeys(StoreDatabase database) {
        this(database, Collections.synchronizedMap(new Remembered()));
    }

    private CountKeys(StoreDatabase database, Map<Question, Answer> answers) {
        this.database = database;
        this.answers = answers;
    }

    /** Counts there, and remembers what was counted anywhere. */
    CountKeys on(StoreDatabase other) {
        return new CountKeys(other, answers);
    }

    /** Those that were asked last. */
    private static final class Remembered extends LinkedHashMap<Question, Answer> {
        private static final long serialVersionUID = 1L;

        Remembered() {
            super(256, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Answer> eldest) {
            return size() > REMEMBERED;
        }
    }

    /** The number of documents, or {@code atMost} where there are more. */
    long upTo(long atMost, String type, Driver driver, Deadline deadline) {
        if (atMost == 0) {
            return 0;
        }
        if (driver.keys() instanceof Condition.In in && UNIQUE.contains(in.field())) {
            return Math.min(atMost, in.values().size());
        }
        LongSupplier count = () -> Refusing.failures(
                "counting " + driver.index().getFirstKey() + " of " + type,
                () -> count(atMost, type, driver, deadline));
        return remembered(Question.of(type, driver.keys()), atMost, count);
    }

    private long count(long atMost, String type, Driver driver, Deadline deadline) {
        return database.current(type)
                .countDocuments(
                        RenderFilter.of(driver.keys()),
                        new CountOptions()
                                .hint(driver.index())
                                .limit((int) atMost)
                                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS));
    }

    /** About how many resources a type has, deletions included. */
    long ofType(String type) {
        return remembered(
                new Question(type, ""),
                Long.MAX_VALUE,
                () -> database.current(type).estimatedDocumentCount());
    }

    private long remembered(Question question, long atMost, LongSupplier count) {
        long now = System.nanoTime();
        Answer answer = answers.get(question);
        if (answer != null && now - answer.countedAt() < FRESH && answer.tells(atMost)) {
            return Math.min(answer.count(), atMost);
        }
        long counted = count.getAsLong();
        answers.put(question, new Answer(counted, atMost, now));
        return counted;
    }
}
