package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandSucceededEvent;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.store.HistoryQuery;
import miroir.index.store.ResourceKey;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A version is in history before it is replaced, whatever a failover takes back of what another writer put there. */
@ExtendWith(MongoExtension.class)
final class KeptVersionIT {
    private static final ResourceKey KEY = new ResourceKey("Practitioner", "p1");

    @Test
    void next_copyOfAnotherWriterIsTakenBack_isKeptAllTheSame(TestDatabase test) {
        try (MongoResourceStore store = OpenStores.ready(test);
                StoreDatabase inside = new StoreDatabase(OpenStores.settings(test))) {
            Histories.put(store, KEY, "one");
            RawBsonDocument current =
                    Objects.requireNonNull(inside.current("Practitioner").find().first());
            StoredVersion before = StoredVersion.of(KEY, current);
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

    private static boolean replace(StoreDatabase database, StoredVersion before) {
        Instant from = before.version().from().plusMillis(1);
        RawBsonDocument deletion = VersionDocuments.deletion(KEY, before.position(), 2, from);
        return new CommitVersion(database)
                .next(before, deletion, new CommitInstant(from, Instant.now().plusSeconds(60), Numbers.documents()));
    }
}
