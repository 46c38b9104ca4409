package miroir.storage.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.UpdateOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import org.bson.Document;
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
        Kept replaced = documents.replace("role/a", made.version(), content(2)).orElseThrow();
        assertThat(replaced.version()).isEqualTo(made.version() + 1);
        assertThat(replaced.stamp()).isNotEqualTo(made.stamp());
        assertThat(documents.replace("role/a", made.version(), content(3))).isEmpty();
        assertThat(documents.find("role/a").orElseThrow().content()).isEqualTo(content(2));
    }

    @Test
    void remove_leavesNothing_andWhatIsMadeAgainHasNoneOfTheVersionsOfBefore() {
        Kept made = documents.create("role/b", content(1)).orElseThrow();

        assertThat(documents.remove("role/b", 7)).isFalse();
        assertThat(documents.remove("role/b", made.version())).isTrue();

        assertThat(documents.find("role/b")).isEmpty();
        assertThat(documents.stamps()).doesNotContainKey("role/b");
        assertThat(documents.remove("role/b", made.version())).isFalse();
        await().until(() -> System.currentTimeMillis() > made.version());
        Kept again = documents.create("role/b", content(2)).orElseThrow();
        assertThat(again.version()).isGreaterThan(made.version());
        assertThat(documents.stamps()).containsEntry("role/b", again.stamp());
    }

    @Test
    void read_whatSomebodyChangedByHand_isThereWithoutContent(TestDatabase database) {
        try (MongoClient client = MongoClients.create(database.uri())) {
            client.getDatabase(database.name())
                    .getCollection("miroir_access")
                    .insertOne(new Document("_id", "consumer/odd")
                            .append("version", "x")
                            .append("content", 3));
        }

        assertThat(documents.stamps()).containsKey("consumer/odd");
        assertThat(documents.find("consumer/odd").orElseThrow().content()).isEmpty();
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
    void noteUses_remembersTheLast_andHowManyThereWereInADay() {
        Instant before = Instant.now().minusSeconds(5);

        documents.noteUses(Map.of("t1", 3L, "t2", 1L));
        documents.noteUses(Map.of("t1", 4L));
        documents.noteUses(Map.of());

        assertThat(documents.uses(List.of("t1", "t3")))
                .hasSize(1)
                .allSatisfy((token, use) -> assertThat(use.last()).isAfter(before))
                .allSatisfy((token, use) -> assertThat(use.calls()).isEqualTo(7));
    }

    /** Another server may have a use to note when the token is revoked. */
    @Test
    void forgetUses_marksThem_alsoThoseThatAreNotedLater(TestDatabase database) {
        documents.noteUses(Map.of("revoked", 3L, "stays", 1L));

        documents.forgetUses(List.of("revoked", "never-used"));
        documents.noteUses(Map.of("revoked", 1L));

        assertThat(documents.uses(List.of("never-used", "stays"))).containsOnlyKeys("stays");
        try (MongoClient client = MongoClients.create(database.uri())) {
            MongoCollection<BsonDocument> uses =
                    client.getDatabase(database.name()).getCollection("miroir_token_uses", BsonDocument.class);
            assertThat(uses.find(new BsonDocument("gone", new BsonDocument("$type", new BsonString("date"))))
                            .map(each -> each.getString("_id").getValue())
                            .into(new ArrayList<>()))
                    .containsExactlyInAnyOrder("revoked", "never-used");
            assertThat(uses.listIndexes().into(new ArrayList<>()))
                    .anySatisfy(index -> assertThat(index)
                            .containsEntry("key", new Document("gone", 1))
                            .containsKey("expireAfterSeconds"));
        }
    }

    /** What each server counts is added up, by hours, for a day. */
    @Test
    void noteUses_ofTwoServers_isSummed_byHourForADay(TestDatabase database) {
        try (AccessDocuments other =
                AccessDocuments.open(MongoStoreSettings.of(database.uri(), database.name(), Set.of("Device")))) {
            documents.noteUses(Map.of("both", 3L));
            other.noteUses(Map.of("both", 4L));
            documents.noteUses(Map.of("both", 5L));

            assertThat(Objects.requireNonNull(other.uses(List.of("both")).get("both"))
                            .calls())
                    .isEqualTo(12);
        }
        Instant first = Instant.parse("2026-03-28T00:30:00Z");
        try (MongoClient client = MongoClients.create(database.uri())) {
            MongoCollection<BsonDocument> uses =
                    client.getDatabase(database.name()).getCollection("miroir_token_uses", BsonDocument.class);
            for (int hour = 0; hour < 48; hour++) {
                Instant now = first.plus(Duration.ofHours(hour));
                noteAsAt(uses, now, hour + 1);
                BsonDocument found = Objects.requireNonNull(uses.find(new BsonDocument("_id", new BsonString("old")))
                        .first());
                int oldest = Math.max(1, hour - 22);
                assertThat(CallsByHour.of(now).ofADay(found))
                        .as("after %s hours", hour + 1)
                        .isEqualTo(IntStream.rangeClosed(oldest, hour + 1).sum());
            }
        }
    }

    /** What is there of a day ago, in the place of this hour, is not of this day. */
    @Test
    void noteUses_usesPlacesAgain(TestDatabase database) {
        Instant now = Instant.now();
        try (MongoClient client = MongoClients.create(database.uri())) {
            MongoCollection<BsonDocument> uses =
                    client.getDatabase(database.name()).getCollection("miroir_token_uses", BsonDocument.class);
            noteAsAt(uses, now.minus(Duration.ofHours(24)), 100);
            noteAsAt(uses, now.minus(Duration.ofHours(23)), 10);
            noteAsAt(uses, now, 1);
            BsonDocument found = Objects.requireNonNull(
                    uses.find(new BsonDocument("_id", new BsonString("old"))).first());

            assertThat(CallsByHour.of(now).ofADay(found)).isEqualTo(11);
            assertThat(CallsByHour.of(now.plus(Duration.ofHours(1))).ofADay(found))
                    .isEqualTo(1);
            assertThat(CallsByHour.of(now.plus(Duration.ofHours(24))).ofADay(found))
                    .isZero();
            assertThat(CallsByHour.of(now).ofADay(new BsonDocument())).isZero();
        }
    }

    private static void noteAsAt(MongoCollection<BsonDocument> uses, Instant then, long calls) {
        uses.updateOne(
                new BsonDocument("_id", new BsonString("old")),
                CallsByHour.of(then).adding(calls),
                new UpdateOptions().upsert(true));
    }
}
