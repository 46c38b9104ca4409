package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.model.Filters;
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
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A database that is being filled, and one that was. */
@ExtendWith(MongoExtension.class)
final class FillDatabaseIT {
    private static final String TYPE = "Practitioner";
    private static final Set<String> TYPES = Set.of(TYPE);
    private static final ResourceReader READER = new ResourceReader(Structures.r4(), ReadLimits.standard());

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
                settings, new SameSearch(ContractFields.registry(), new ContractFields(), settings.zone()), with);
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
            assertThat(fill.begin(TYPES, ahead, () -> true)).isEqualTo(Found.NOTHING);
            fill.versions(TYPE, List.of(moved("p", 1, ahead, false)));
            fill.done("one", ahead);
            fill.end(TYPES, ahead);
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
            assertThatThrownBy(() -> fill.begin(TYPES, now().plus(Duration.ofMinutes(5)), () -> true))
                    .isInstanceOf(ConfigurationRefused.class)
                    .hasMessageContaining("set the clocks right");
        }
    }

    @Test
    void begin_typeThatIsNotServed_isRefused() {
        try (FillDatabase fill = fill("a")) {
            assertThatThrownBy(() -> fill.begin(Set.of("Basic"), now(), () -> true))
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
        killed.begin(TYPES, asOf, () -> true);
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
                assertThatThrownBy(reader::settled).isInstanceOf(Refusal.class).hasMessageContaining("import");
            }
            try (FillDatabase other = fill("b")) {
                assertThatThrownBy(() -> other.begin(Set.of("Organization"), asOf, () -> true))
                        .isInstanceOf(ConfigurationRefused.class)
                        .hasMessageContaining("another export");
            }
            OpenStores.inside(
                    database,
                    inside -> OpenStores.documents(inside, "miroir_search")
                            .updateOne(
                                    Filters.eq("_id", "in force"), Updates.set("filling.until", new BsonDateTime(0))));
            try (FillDatabase again = fill("a")) {
                assertThat(again.begin(TYPES, asOf, () -> true)).isEqualTo(Found.PARTS);
                again.versions(TYPE, versions);
                again.done("one", asOf);
                assertThat(again.has("one")).isTrue();
                again.end(TYPES, asOf);
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
            assertThat(once.begin(TYPES, asOf, () -> true)).isEqualTo(Found.EVERYTHING);
        }
        OpenStores.inside(database, inside -> {
            OpenStores.documents(inside, TYPE).deleteMany(new BsonDocument());
            OpenStores.documents(inside, TYPE + "_history").deleteMany(new BsonDocument());
        });
        try (FillDatabase anew = fill("a")) {
            assertThat(anew.begin(TYPES, asOf, () -> true)).isEqualTo(Found.NOTHING);
        }
    }

    /** Fields that cannot be made are no reason to lose a resource, and searches say that one is missing. */
    @Test
    void versions_whoseFieldsCannotBeMade_areReadAndSaidToBeMissing() {
        Instant asOf = now();
        try (FillDatabase fill = fill("a")) {
            fill.begin(TYPES, asOf, () -> true);
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
            fill.done("one", asOf);
            fill.end(TYPES, asOf);
        }
        try (MongoResourceStore store = OpenStores.ready(database)) {
            assertThat(store.read(Caller.everyone(), new ResourceKey(TYPE, "odd")))
                    .isPresent();
            assertThat(store.incompleteTypes()).containsExactly(TYPE);
        }
    }

    /** What was erased while it was exported has versions in the files. */
    @Test
    void erased_whatCameBefore_isGone() {
        Instant asOf = now();
        try (FillDatabase fill = fill("a")) {
            fill.begin(TYPES, asOf, () -> true);
            fill.versions(
                    TYPE,
                    List.of(moved("p", 1, asOf.minusSeconds(2), true), moved("p", 2, asOf.minusSeconds(1), false)));
            MovedVersion mark =
                    new MovedVersion("p", 3, asOf.plusSeconds(1), null, 17, null, null, null, null, true, null);
            MovedVersion other = new MovedVersion("q", 9, asOf, null, 18, null, null, null, null, true, null);
            fill.erased(TYPE, List.of(mark, other));
            fill.erased(TYPE, List.of(mark, other));
            fill.done("one", asOf);
            fill.end(TYPES, asOf);
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
