package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.Scope;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The content of versions, wherever they are. */
@ExtendWith(MongoExtension.class)
final class ReadVersionsIT {
    @BeforeEach
    void empty(TestDatabase test) {
        OpenStores.empty(test);
    }

    private static ResourceKey key(String id) {
        return new ResourceKey("Practitioner", id);
    }

    private static List<String> read(MongoResourceStore store, VersionId... versions) {
        List<String> read = new ArrayList<>();
        store.versions(
                Caller.everyone(),
                "Practitioner",
                List.of(versions),
                Deadline.in(Duration.ofSeconds(20)),
                each -> read.add(each.key().id() + "/" + each.version()));
        read.sort(null);
        return read;
    }

    @Test
    void versions_currentAndSuperseded_areTold(TestDatabase test) {
        try (MongoResourceStore store = OpenStores.ready(test)) {
            Histories.put(store, key("a"), "one");
            Histories.put(store, key("a"), "two");
            Histories.put(store, key("b"), "one");
            store.delete(Caller.everyone(), key("b"), Precondition.none());

            assertThat(read(store, new VersionId("a", 1), new VersionId("b", 1)))
                    .containsExactly("a/1", "b/1");
            assertThat(read(store, new VersionId("a", 2), new VersionId("b", 2), new VersionId("c", 1)))
                    .as("a deletion has no content")
                    .containsExactly("a/2");
            assertThat(read(store)).isEmpty();
        }
    }

    @Test
    void versions_erasedOrGone_areNot(TestDatabase test) {
        try (MongoResourceStore store = OpenStores.ready(test);
                StoreDatabase inside = new StoreDatabase(OpenStores.settings(test))) {
            Histories.put(store, key("a"), "one");
            Histories.put(store, key("a"), "two");
            Histories.put(store, key("b"), "one");
            Histories.put(store, key("b"), "two");
            List<RawBsonDocument> history =
                    inside.history("Practitioner").find().into(new ArrayList<>());
            store.erase(Caller.everyone(), key("a"));
            inside.history("Practitioner").deleteMany(new BsonDocument());
            inside.history("Practitioner").insertMany(history);

            assertThat(read(store, new VersionId("a", 1), new VersionId("b", 1)))
                    .as("a version that an erasure did not come to yet")
                    .containsExactly("b/1");
        }
    }

    @Test
    void versions_forWhoSeesSome_areRefused(TestDatabase test) {
        try (MongoResourceStore store = OpenStores.ready(test)) {
            Caller some = new Caller(
                    Caller.DEFAULT_TENANT,
                    Scope.of(Map.of("Practitioner", Condition.none())),
                    Scope.nothing(),
                    Scope.nothing());
            assertThatThrownBy(() -> store.versions(
                            some, "Practitioner", List.of(), Deadline.in(Duration.ofSeconds(1)), each -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
