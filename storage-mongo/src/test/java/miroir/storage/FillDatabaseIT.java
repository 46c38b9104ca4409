package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.structure.Structures;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.FillDatabase.Found;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A database that is being filled, and one that was. */
@ExtendWith(MongoExtension.class)
final class FillDatabaseIT {
    private static final String TYPE = "Practitioner";
    private static final Set<String> TYPES = Set.of(TYPE);
    private static final ResourceReader READER = new ResourceReader(Structures.r4(), ReadLimits.standard());

    private static final FillDatabase.Watch GOING = new FillDatabase.Watch() {
        @Override
        public void say(String line) {}

        @Override
        public void requireGoing() {}
    };

    private final TestDatabase database;

    FillDatabaseIT(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void drop() {
        OpenStores.inside(database, inside -> inside.drop());
    }

    private FillDatabase fill(String with) {
        MongoStoreSettings settings = OpenStores.settings(database);
        return FillDatabase.open(
                settings,
                new SameSearch(ContractFields.registry(), new ContractFields(), settings.zone()),
                with,
                GOING);
    }

    private static List<FillDatabase.Expected> expected(long resources, long versions, long erased) {
        return List.of(new FillDatabase.Expected(TYPE, resources, versions, erased));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    private static RawBsonDocument practitioner(String id, String name, long version) {
        return READER.readUnchecked(("{\"resourceType\":\"Practitioner\",\"id\":\"" + id
                        + "\",\"meta\":{\"versionId\":\"" + version
                        + "\",\"lastUpdated\":\"2026-01-01T00:00:00Z\"},\"name\":[" + name + "]}")
                .getBytes(StandardCharsets.UTF_8));
    }

    private static MovedVersion moved(String id, long version, Instant from, boolean ended) {
        return new MovedVersion(
                id,
                version,
                from,
                ended ? from.plusMillis(1) : null,
                17,
                null,
                null,
                null,
                null,
                false,
                practitioner(id, "\"Moved\"", version));
    }

    private static void put(MongoResourceStore store, String id) {
        store.put(Caller.everyone(), new ResourceKey(TYPE, id), practitioner(id, "\"New\"", 1), Precondition.none());
    }

    /** The other database's clock was ahead: what comes after is later all the same, for followers too. */
    @Test
    void commits_afterAnImportFromTheFuture_areLaterThanWhatCame() {
        Instant ahead = now().plusSeconds(2);
        try (FillDatabase fill = fill("a")) {
            assertThat(fill.begin(TYPES, ahead)).isEqualTo(Found.NOTHING);
            fill.versions(TYPE, List.of(moved("p", 1, ahead, false)));
            fill.done("one");
            fill.end(expected(1, 1, 0), ahead);
        }
        try (MongoResourceStore store = OpenStores.ready(database)) {
            put(store, "other");
            ResourceVersion.Live other =
                    (ResourceVersion.Live) store.read(Caller.everyone(), new ResourceKey(TYPE, "other"))
                            .orElseThrow();
            assertThat(other.from()).isAfter(ahead);
            assertThat(other.position()).isGreaterThan(17);
            assertThat(store.settled(Caller.everyone(), Duration.ofSeconds(5), Deadline.in(Duration.ofSeconds(10))))
                    .isAfterOrEqualTo(other.from());
        }
    }

    @Test
    void begin_farFromTheFuture_isRefused() {
        try (FillDatabase fill = fill("a")) {
            assertThatThrownBy(() -> fill.begin(TYPES, now().plus(Duration.ofMinutes(5))))
                    .isInstanceOf(ConfigurationRefused.class)
                    .hasMessageContaining("set the clocks right");
        }
    }

    @Test
    void begin_typeThatIsNotServed_isRefused() {
        try (FillDatabase fill = fill("a")) {
            assertThatThrownBy(() -> fill.begin(Set.of("Basic"), now()))
                    .isInstanceOf(ConfigurationRefused.class)
                    .hasMessageContaining("Basic");
        }
    }

    /** Whoever was killed says nothing any more; nobody is told anything until somebody has gone on. */
    @Test
    void begin_afterAKill_goesOnAndWhatIsThereStays() {
        Instant asOf = now();
        List<MovedVersion> versions = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            versions.add(moved("p" + i, 1, asOf.minusSeconds(20), true));
            versions.add(moved("p" + i, 2, asOf.minusSeconds(10), false));
        }
        FillDatabase killed = fill("a");
        killed.begin(TYPES, asOf);
        killed.versions(TYPE, versions.subList(0, 201));
        try (MongoResourceStore store = OpenStores.open(
                database,
                new SameSearch(
                        ContractFields.registry(),
                        new ContractFields(),
                        OpenStores.settings(database).zone()))) {
            assertThatThrownBy(() -> store.read(Caller.everyone(), new ResourceKey(TYPE, "p1")))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("import");
            assertThatThrownBy(() -> put(store, "p1")).isInstanceOf(Refusal.class);
            assertThat(store.readiness().ready()).isFalse();
            try (ReadDatabase reader = ReadDatabase.open(OpenStores.settings(database))) {
                assertThatThrownBy(() -> reader.settled(() -> {}))
                        .isInstanceOf(Refusal.class)
                        .hasMessageContaining("import");
            }
            try (FillDatabase other = fill("b")) {
                assertThatThrownBy(() -> other.begin(Set.of("Organization"), asOf))
                        .isInstanceOf(ConfigurationRefused.class)
                        .hasMessageContaining("another export");
            }
            OpenStores.inside(
                    database,
                    inside -> OpenStores.documents(inside, "miroir_search")
                            .updateOne(
                                    Filters.eq("_id", "in force"), Updates.set("filling.until", new BsonDateTime(0))));
            try (FillDatabase again = fill("a")) {
                assertThat(again.begin(TYPES, asOf)).isEqualTo(Found.PARTS);
                again.versions(TYPE, versions);
                again.done("one");
                assertThat(again.has("one")).isTrue();
                again.end(expected(300, 600, 0), asOf);
            }
            OpenStores.awaitSearchable(store);
            OpenStores.inside(database, inside -> {
                assertThat(OpenStores.documents(inside, TYPE).countDocuments()).isEqualTo(300);
                assertThat(OpenStores.documents(inside, TYPE + "_history").countDocuments())
                        .isEqualTo(300);
            });
            assertThat(store.incompleteTypes()).isEmpty();
        }
        killed.close();
        try (FillDatabase once = fill("a")) {
            assertThat(once.begin(TYPES, asOf)).isEqualTo(Found.EVERYTHING);
        }
        OpenStores.inside(database, inside -> {
            OpenStores.documents(inside, TYPE).deleteMany(new BsonDocument());
            OpenStores.documents(inside, TYPE + "_history").deleteMany(new BsonDocument());
        });
        try (FillDatabase anew = fill("a")) {
            assertThatThrownBy(() -> anew.begin(TYPES, asOf))
                    .isInstanceOf(ConfigurationRefused.class)
                    .hasMessageContaining("dropped or emptied since");
        }
        try (FillDatabase other = fill("c")) {
            assertThatThrownBy(() -> other.begin(TYPES, asOf))
                    .isInstanceOf(ConfigurationRefused.class)
                    .hasMessageContaining("had resources once");
        }
    }

    /** What somebody did by hand to a half import is no whole one. */
    @Test
    void goingOn_afterSomebodyDroppedOrDeletedWhatWasIn_isRefusedUntilItIsGivenUp() {
        Instant asOf = now();
        try (FillDatabase fill = fill("a")) {
            fill.begin(TYPES, asOf);
            fill.versions(TYPE, List.of(moved("p", 1, asOf, false)));
            fill.done("one");
            assertThatThrownBy(() -> fill.end(expected(2, 2, 0), asOf))
                    .isInstanceOf(ConfigurationRefused.class)
                    .hasMessageContaining("there should be");
        }
        OpenStores.inside(database, inside -> OpenStores.documents(inside, TYPE).drop());
        try (FillDatabase again = fill("a")) {
            assertThatThrownBy(() -> again.begin(TYPES, asOf))
                    .isInstanceOf(ConfigurationRefused.class)
                    .hasMessageContaining("--give-up");
        }
        assertThat(FillDatabase.giveUp(OpenStores.settings(database), () -> {}, GOING))
                .isTrue();
        assertThat(FillDatabase.giveUp(OpenStores.settings(database), () -> {}, GOING))
                .isFalse();
        try (FillDatabase anew = fill("b")) {
            assertThat(anew.begin(TYPES, asOf)).isEqualTo(Found.NOTHING);
        }
    }

    /** A process that died holds up what is settled, and marks that were read before are newer than that. */
    @Test
    void settled_whileWhoDiedHoldsItUp_isNotBeforeItWasAskedFor() {
        OpenStores.ready(database).close();
        Instant asked = now();
        BsonDocument died = new BsonDocument(
                        "floor", new BsonDateTime(asked.minusSeconds(20).toEpochMilli()))
                .append("c", new BsonInt64(0))
                .append("until", new BsonDateTime(asked.plusSeconds(3).toEpochMilli()));
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, "miroir_floors")
                        .updateOne(
                                Filters.eq("_id", "floors"),
                                Updates.set("rows.died", died),
                                new UpdateOptions().upsert(true)));
        try (ReadDatabase reader = ReadDatabase.open(OpenStores.settings(database))) {
            assertThat(reader.settled(() -> {})).isAfterOrEqualTo(asked);
        }
    }

    /** Old versions that cannot be found leave room for current ones. */
    @Test
    void versions_manyOldOnesWhoseFieldsCannotBeMade_doNotHideCurrentOnes() {
        Instant asOf = now();
        List<MovedVersion> odd = new ArrayList<>();
        for (int i = 0; i < 110; i++) {
            odd.add(odd("old" + i, asOf.minusSeconds(9), asOf));
        }
        try (FillDatabase fill = fill("a")) {
            fill.begin(TYPES, asOf);
            fill.versions(TYPE, odd);
            fill.versions(TYPE, List.of(odd("odd", asOf, null)));
            fill.done("one");
            fill.end(expected(1, 111, 0), asOf);
        }
        try (MongoResourceStore store = OpenStores.ready(database)) {
            assertThat(store.incompleteTypes()).containsExactly(TYPE);
        }
    }

    private static MovedVersion odd(String id, Instant from, @Nullable Instant to) {
        return new MovedVersion(
                id, 1, from, to, 3, null, null, null, null, false, practitioner(id, "{\"family\":\"x\"}", 1));
    }

    /** Fields that cannot be made are no reason to lose a resource, and searches say that one is missing. */
    @Test
    void versions_whoseFieldsCannotBeMade_areReadAndSaidToBeMissing() {
        Instant asOf = now();
        try (FillDatabase fill = fill("a")) {
            fill.begin(TYPES, asOf);
            MovedVersion odd = new MovedVersion(
                    "odd",
                    1,
                    asOf,
                    null,
                    3,
                    null,
                    null,
                    null,
                    null,
                    false,
                    practitioner("odd", "{\"family\":\"x\"}", 1));
            fill.versions(TYPE, List.of(odd, moved("p", 1, asOf, false)));
            fill.done("one");
            fill.end(expected(2, 2, 0), asOf);
        }
        try (MongoResourceStore store = OpenStores.ready(database)) {
            assertThat(store.read(Caller.everyone(), new ResourceKey(TYPE, "odd")))
                    .isPresent();
            assertThat(store.incompleteTypes()).containsExactly(TYPE);
        }
    }

    /** Killed before whatever it does in the last step, and gone on with by another one. */
    @Test
    void end_killedBeforeAnyOfItsCommands_isEndedByWhoGoesOn() {
        Instant asOf = now();
        List<MovedVersion> versions =
                List.of(moved("p", 1, asOf.minusSeconds(9), true), moved("p", 2, asOf.minusSeconds(8), false));
        int step = 0;
        boolean isKilled = true;
        while (isKilled) {
            step++;
            drop();
            isKilled = isKilledBefore(step, versions, asOf);
            OpenStores.inside(
                    database,
                    inside -> OpenStores.documents(inside, "miroir_search")
                            .updateOne(Filters.exists("filling"), Updates.set("filling.until", new BsonDateTime(0))));
            try (FillDatabase again = fill("a")) {
                if (again.begin(TYPES, asOf) == Found.PARTS) {
                    assertThat(again.has("one")).isTrue();
                    again.end(expected(1, 2, 0), asOf);
                }
            }
            assertEnded(step);
        }
        assertThat(step).as("commands of the last step").isGreaterThan(8);
        try (MongoResourceStore store = OpenStores.ready(database)) {
            assertThat(store.incompleteTypes()).isEmpty();
            assertThat(store.read(Caller.everyone(), new ResourceKey(TYPE, "p")))
                    .hasValueSatisfying(version -> assertThat(version.version()).isEqualTo(2));
        }
    }

    private boolean isKilledBefore(int step, List<MovedVersion> versions, Instant asOf) {
        KilledBefore kill = new KilledBefore();
        MongoStoreSettings settings = OpenStores.settings(database);
        FillDatabase fill = FillDatabase.open(
                new StoreDatabase(settings, List.of(kill)),
                settings,
                new SameSearch(ContractFields.registry(), new ContractFields(), settings.zone()),
                "a",
                GOING);
        try (fill) {
            fill.begin(TYPES, asOf);
            fill.versions(TYPE, versions);
            fill.done("one");
            kill.before(step);
            fill.end(expected(1, 2, 0), asOf);
            return false;
        } catch (KilledBefore.Killed killed) {
            return true;
        }
    }

    private void assertEnded(int step) {
        OpenStores.inside(database, inside -> {
            assertThat(OpenStores.documents(inside, "miroir_search").countDocuments(Filters.exists("filling")))
                    .as("served, killed before %d", step)
                    .isZero();
            BsonDocument counter = OpenStores.documents(inside, "miroir_counters")
                    .find(Filters.eq("_id", TYPE))
                    .first();
            assertThat(counter).as("killed before %d", step).isNotNull();
            assertThat(counter.getNumber("n").longValue()).isGreaterThan(17);
            assertThat(OpenStores.documents(inside, "miroir_state").countDocuments(Filters.exists("done")))
                    .isEqualTo(1);
            assertThat(OpenStores.documents(inside, TYPE).countDocuments()).isEqualTo(1);
            assertThat(OpenStores.documents(inside, TYPE + "_history").countDocuments())
                    .isEqualTo(1);
        });
    }

    /** Whoever followed the database while nothing was in it has passed the instants of what comes. */
    @Test
    void begin_whereSomebodyFollowedTheEmptyDatabase_hasHimBeginAnew() {
        byte[] links;
        byte[] copies;
        byte[] subscriptions;
        try (MongoResourceStore store = OpenStores.ready(database)) {
            links = store.sharedSecret("page-links");
            copies = store.sharedSecret("sql-copies");
            subscriptions = store.sharedSecret("subscriptions");
        }
        Instant asOf = now();
        try (FillDatabase fill = fill("a")) {
            fill.begin(TYPES, asOf);
            fill.versions(TYPE, List.of(moved("p", 1, asOf, false)));
            fill.done("one");
            fill.end(expected(1, 1, 0), asOf);
        }
        try (MongoResourceStore store = OpenStores.ready(database)) {
            assertThat(store.sharedSecret("page-links")).isNotEqualTo(links);
            assertThat(store.sharedSecret("sql-copies")).isNotEqualTo(copies);
            assertThat(store.sharedSecret("subscriptions")).isEqualTo(subscriptions);
        }
    }

    /** What was erased while it was exported has versions in the files. */
    @Test
    void erased_whatCameBefore_isGone() {
        Instant asOf = now();
        try (FillDatabase fill = fill("a")) {
            fill.begin(TYPES, asOf);
            fill.versions(
                    TYPE,
                    List.of(moved("p", 1, asOf.minusSeconds(2), true), moved("p", 2, asOf.minusSeconds(1), false)));
            MovedVersion mark =
                    new MovedVersion("p", 3, asOf.plusSeconds(1), null, 17, null, null, null, null, true, null);
            MovedVersion other = new MovedVersion("q", 9, asOf, null, 18, null, null, null, null, true, null);
            fill.erased(TYPE, List.of(mark, other));
            fill.erased(TYPE, List.of(mark, other));
            fill.done("one");
            fill.end(expected(1, 2, 2), asOf.plusSeconds(1));
        }
        OpenStores.inside(database, inside -> {
            assertThat(OpenStores.documents(inside, TYPE + "_history").countDocuments())
                    .isZero();
            assertThat(OpenStores.documents(inside, TYPE)
                            .find(new BsonDocument())
                            .into(new ArrayList<>()))
                    .hasSize(2)
                    .allMatch(document -> document.getBoolean("erased").getValue());
        });
    }
}
