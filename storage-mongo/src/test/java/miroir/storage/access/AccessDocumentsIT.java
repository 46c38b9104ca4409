package miroir.storage.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import miroir.index.store.KeptAccess.Kept;
import miroir.storage.MongoStoreSettings;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MongoExtension.class)
class AccessDocumentsIT {
    private AccessDocuments documents;

    @BeforeEach
    void open(TestDatabase database) {
        documents = AccessDocuments.open(MongoStoreSettings.of(database.uri(), database.name(), Set.of("Device")));
    }

    @AfterEach
    void close() {
        documents.close();
    }

    private static BsonDocument content(int number) {
        return new BsonDocument("number", new BsonInt32(number));
    }

    @Test
    void create_isThereOnce_andReplacedByWhoKnowsTheVersion() {
        Kept made = documents.create("role/a", content(1)).orElseThrow();

        assertThat(documents.create("role/a", content(2))).isEmpty();
        assertThat(documents.replace("role/a", made.version() + 1, content(2))).isEmpty();
        Kept replaced =
                documents.replace("role/a", made.version(), content(2)).orElseThrow();
        assertThat(replaced.version()).isEqualTo(2);
        assertThat(documents.replace("role/a", made.version(), content(3))).isEmpty();
        assertThat(documents.find("role/a").orElseThrow().content()).isEqualTo(content(2));
    }

    @Test
    void remove_isToldToWhoAsksWhatChanged_andCanBeMadeAgain() {
        Kept made = documents.create("role/b", content(1)).orElseThrow();
        Instant before = made.changed().minusSeconds(1);

        assertThat(documents.remove("role/b", 7)).isFalse();
        assertThat(documents.remove("role/b", made.version())).isTrue();

        assertThat(documents.find("role/b")).isEmpty();
        assertThat(documents.remove("role/b", 2)).isFalse();
        assertThat(documents.changedSince(before))
                .filteredOn(kept -> kept.id().equals("role/b"))
                .singleElement()
                .satisfies(removed -> assertThat(removed.content()).isNull());
        assertThat(documents.create("role/b", content(2)).orElseThrow().version())
                .isEqualTo(3);
    }

    @Test
    void replace_byManyAtOnce_isDoneByOneOfThem() {
        Kept made = documents.create("role/c", content(0)).orElseThrow();

        List<Optional<Kept>> all = IntStream.range(1, 17)
                .parallel()
                .mapToObj(i -> documents.replace("role/c", made.version(), content(i)))
                .toList();

        assertThat(all).filteredOn(Optional::isPresent).hasSize(1);
    }

    @Test
    void session_isThereUntilItIsOver() {
        documents.openSession("one", new BsonDocument("who", new BsonString("$ada")), Duration.ofHours(1));
        documents.openSession("other", new BsonDocument("who", new BsonString("$ada")), Duration.ofHours(1));
        documents.openSession("past", new BsonDocument("who", new BsonString("bob")), Duration.ofSeconds(-1));

        assertThat(documents.findSession("one").orElseThrow().getString("who").getValue())
                .isEqualTo("$ada");
        assertThat(documents.findSession("past")).isEmpty();
        documents.closeSession("one");
        assertThat(documents.findSession("one")).isEmpty();
        documents.closeSessions("who", "$ada");
        assertThat(documents.findSession("other")).isEmpty();
    }

    @Test
    void noteUses_remembersTheLast() {
        Instant before = Instant.now().minusSeconds(5);

        documents.noteUses(Map.of("t1", 3L, "t2", 1L));
        documents.noteUses(Map.of());

        assertThat(documents.lastUses(List.of("t1", "t3"))).hasSize(1).allSatisfy((token, last) -> assertThat(last)
                .isAfter(before));
    }
}
