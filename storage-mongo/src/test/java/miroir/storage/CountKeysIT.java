package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import miroir.index.search.Condition;
import miroir.index.store.Deadline;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How long it is remembered how much an index finds, by a clock that is given. */
@ExtendWith(MongoExtension.class)
class CountKeysIT {
    private static final String TYPE = "Practitioner";
    private static final BsonDocument INDEX = new BsonDocument("_id", new BsonInt32(1));

    private final StoreDatabase database;
    private final AtomicLong nanos = new AtomicLong();
    private final CountKeys countKeys;

    CountKeysIT(TestDatabase test) {
        this.database = new StoreDatabase(OpenStores.settings(test));
        this.countKeys = new CountKeys(database, nanos::get);
        database.current(TYPE).drop();
        insert("a", 5);
        insert("b", 600);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void upTo_frequent_isRememberedForTenMinutes() {
        assertThat(count("b")).isEqualTo(600);
        insert("bx", 20);
        nanos.addAndGet(Duration.ofMinutes(9).toNanos());
        assertThat(count("b")).isEqualTo(600);
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());

        assertThat(count("b")).isEqualTo(620);
    }

    @Test
    void upTo_few_isRememberedForAMinute() {
        assertThat(count("a")).isEqualTo(5);
        insert("ax", 5);
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(count("a")).isEqualTo(5);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());

        assertThat(count("a")).isEqualTo(10);
    }

    @Test
    void upTo_typeHasGrown_isCountedAgain() {
        assertThat(count("b")).isEqualTo(600);
        insert("bx", 200);
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());

        assertThat(count("b")).isEqualTo(800);
    }

    private long count(String beginning) {
        Driver driver = new Driver(new Condition.StartsWith("_id", beginning), INDEX, true);
        return countKeys.upTo(1_000, TYPE, driver, Deadline.in(Duration.ofSeconds(10)));
    }

    private void insert(String prefix, int many) {
        List<RawBsonDocument> documents = IntStream.range(0, many)
                .mapToObj(i -> new RawBsonDocument(
                        new BsonDocument("_id", new BsonString(prefix + i)), new BsonDocumentCodec()))
                .toList();
        database.current(TYPE).insertMany(documents);
    }
}
