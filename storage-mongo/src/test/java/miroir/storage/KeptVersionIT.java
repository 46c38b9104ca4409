package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Updates;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandSucceededEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A version is in history before it is replaced, whatever a failover takes back of what another writer put there. */
@ExtendWith(MongoExtension.class)
final class KeptVersionIT {
    private static final ResourceKey KEY = new ResourceKey("Practitioner", "p1");

    @BeforeEach
    void empty(TestDatabase test) {
        OpenStores.empty(test);
    }

    @Test
    void next_copyOfAnotherWriterIsTakenBack_isKeptAllTheSame(TestDatabase test) {
        try (MongoResourceStore store = OpenStores.ready(test);
                StoreDatabase inside = new StoreDatabase(OpenStores.settings(test))) {
            Histories.put(store, KEY, "one");
            StoredVersion before = current(inside);
            inside.history("Practitioner").insertOne(VersionDocuments.superseded(before));
            AtomicInteger taken = new AtomicInteger();
            CommandListener failover = new CommandListener() {
                @Override
                public void commandSucceeded(CommandSucceededEvent event) {
                    if (event.getCommandName().equals("insert") && taken.getAndIncrement() == 0) {
                        inside.history("Practitioner").deleteMany(new BsonDocument());
                    }
                }
            };

            try (StoreDatabase watched = new StoreDatabase(OpenStores.settings(test), List.of(failover))) {
                assertThat(replace(watched, before)).isTrue();
            }

            assertThat(taken).hasValue(1);
            assertThat(Histories.all(store, new HistoryQuery.Resource(KEY))).containsExactly("p1/2", "p1/1");
        }
    }

    /** A command holds 16 MB, and so does a document: there is no room for it twice. */
    @Test
    void next_largeVersionThatIsThereAlready_takesItsPlace(TestDatabase test) {
        try (MongoResourceStore store = OpenStores.ready(test);
                StoreDatabase inside = new StoreDatabase(OpenStores.settings(test))) {
            putLarge(store, "one");
            StoredVersion before = current(inside);
            inside.history("Practitioner").insertOne(VersionDocuments.superseded(before));

            assertThat(replace(inside, before)).isTrue();

            assertThat(Histories.all(store, new HistoryQuery.Resource(KEY))).containsExactly("p1/2", "p1/1");
        }
    }

    @Test
    void inTransaction_largeVersion_isKept(TestDatabase test) {
        try (MongoResourceStore store = OpenStores.ready(test)) {
            putLarge(store, "one");

            store.inTransaction(Set.of("Practitioner"), Deadline.in(Duration.ofSeconds(20)), within -> {
                putLarge(within, "two");
                return null;
            });

            assertThat(Histories.all(store, new HistoryQuery.Resource(KEY))).containsExactly("p1/2", "p1/1");
        }
    }

    @Test
    void run_copyWithOlderFields_getsThoseOfNowAndKeepsItsEnd(TestDatabase test) {
        Bson change = Updates.combine(
                Updates.set("x", 0L), Updates.set("t_old", "gone"), Updates.set("to", new BsonDateTime(1_000)));

        BsonDocument kept = keptOver(test, change);

        assertThat(kept)
                .doesNotContainKey("t_old")
                .containsKey("t_name")
                .containsEntry("to", new BsonDateTime(1_000))
                .doesNotContainEntry("x", new BsonInt64(0));
    }

    @Test
    void run_copyOfAnotherInstant_givesWayWithItsEnd(TestDatabase test) {
        BsonDocument kept = keptOver(
                test,
                Updates.combine(
                        Updates.set("from", new BsonDateTime(500)), Updates.set("to", new BsonDateTime(1_000))));

        assertThat(kept).doesNotContainKey("to").doesNotContainEntry("from", new BsonDateTime(500));
    }

    @Test
    void run_copyOfTheSame_staysAsItIs(TestDatabase test) {
        assertThat(keptOver(test, Updates.set("t_kept", "still"))).containsKey("t_kept");
    }

    /** What history has where there was a copy with this change before. */
    private static BsonDocument keptOver(TestDatabase test, Bson change) {
        try (MongoResourceStore store = OpenStores.ready(test);
                StoreDatabase inside = new StoreDatabase(OpenStores.settings(test))) {
            Histories.put(store, KEY, "one");
            StoredVersion before = current(inside);
            inside.history("Practitioner").insertOne(VersionDocuments.superseded(before));
            inside.history("Practitioner").updateOne(new BsonDocument(), change);

            new KeepVersions(inside).run("Practitioner", List.of(before));

            return Objects.requireNonNull(inside.history("Practitioner").find().first());
        }
    }

    private static StoredVersion current(StoreDatabase inside) {
        return StoredVersion.of(
                KEY,
                Objects.requireNonNull(inside.current("Practitioner").find().first()));
    }

    private static void putLarge(ResourceStore store, String name) {
        RawBsonDocument fhir = RawBsonDocument.parse("{resourceType: 'Practitioner', id: 'p1', name: ['" + name
                + "'], text: '" + "x".repeat(9 << 20) + "'}");
        store.put(Caller.everyone(), KEY, fhir, Precondition.none());
    }

    private static boolean replace(StoreDatabase database, StoredVersion before) {
        Instant from = before.version().from().plusMillis(1);
        RawBsonDocument deletion = VersionDocuments.deletion(KEY, before.position(), 2, from);
        return new CommitVersion(database)
                .next(before, deletion, new CommitInstant(from, Instant.now().plusSeconds(60), Numbers.use()));
    }
}
