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
 * How many documents an index finds for a condition, counted no further than is needed to choose, and remembered while the type has about as many resources as then.
 *
 * <p>What was frequent stays so for ten minutes: if it is not any more, something else is walked that finds a page as well. What was few is chosen for that, and is read as a whole where
 * it has to be sorted, or where something else has to be met; so it is few for a minute only.
 */
final class CountKeys {
    private static final long FRESH = Duration.ofMinutes(1).toNanos();
    private static final long FRESH_IF_FREQUENT = Duration.ofMinutes(10).toNanos();

    /** Ten pages of the usual size: more than is worth counting again. */
    private static final long FREQUENT = 500;

    /** By how much of what there was a type may have grown or shrunk. */
    private static final double ABOUT = 0.1;

    private static final Set<String> UNIQUE = Set.of(StoredFields.ID, StoredFields.POSITION);
    private static final int REMEMBERED = 10_000;

    /** In characters. Of longer conditions, one of which can have 65 kB, a short name is remembered. */
    private static final int LONGEST_REMEMBERED = 1_000;

    private final StoreDatabase database;
    private final Map<Question, Answer> answers;
    private final LongSupplier nanos;

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
     * @param ofType how many resources the type had then
     */
    private record Answer(long count, long atMost, long ofType, long countedAt) {
        boolean isFrequent() {
            return count >= atMost || count > FREQUENT;
        }

        boolean tells(long asked, long ofTypeNow) {
            return (count < atMost || asked <= atMost) && Math.abs(ofTypeNow - ofType) <= ABOUT * ofType;
        }
    }

    CountKeys(StoreDatabase database) {
        this(database, System::nanoTime);
    }

    /** By another clock than that of the machine. */
    CountKeys(StoreDatabase database, LongSupplier nanos) {
        this(database, Collections.synchronizedMap(new Remembered()), nanos);
    }

    private CountKeys(StoreDatabase database, Map<Question, Answer> answers, LongSupplier nanos) {
        this.database = database;
        this.answers = answers;
        this.nanos = nanos;
    }

    /** Counts there, and remembers what was counted anywhere. */
    CountKeys on(StoreDatabase other) {
        return new CountKeys(other, answers, nanos);
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

    /** About how many resources a type has, deletions included; a minute old at most. */
    long ofType(String type) {
        Question all = new Question(type, "");
        Answer answer = answers.get(all);
        if (answer == null || !isYounger(answer, FRESH)) {
            long counted = database.current(type).estimatedDocumentCount();
            answer = new Answer(counted, Long.MAX_VALUE, counted, nanos.getAsLong());
            answers.put(all, answer);
        }
        return answer.count();
    }

    private boolean isYounger(Answer answer, long age) {
        return nanos.getAsLong() - answer.countedAt() < age;
    }

    private long remembered(Question question, long atMost, LongSupplier count) {
        long ofType = ofType(question.type());
        Answer answer = answers.get(question);
        if (answer != null
                && isYounger(answer, answer.isFrequent() ? FRESH_IF_FREQUENT : FRESH)
                && answer.tells(atMost, ofType)) {
            return Math.min(answer.count(), atMost);
        }
        long counted = count.getAsLong();
        answers.put(question, new Answer(counted, atMost, ofType, nanos.getAsLong()));
        return counted;
    }
}
