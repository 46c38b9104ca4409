package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandSucceededEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.SearchFields;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.VersionChains;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Batches of somebody else's resources, in a real database. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IngestResourcesIT {
    private static final long SEED = Long.getLong("miroir.test.seed", System.nanoTime());
    private static final String TYPE = "Organization";
    private static final String SOURCE = "annuaire/Organization";
    private static final Instant UP = Instant.parse("2026-09-01T10:00:00Z");
    private static final Instant FAR = Instant.parse("2999-01-01T00:00:00Z");

    private final TestDatabase testDatabase;
    private final MongoResourceStore store;
    private final MirroredResources mirrored;

    IngestResourcesIT(TestDatabase database) {
        testDatabase = database;
        store = OpenStores.ready(database);
        mirrored = store.mirrored();
    }

    @BeforeEach
    void empty() {
        OpenStores.inside(testDatabase, inside -> {
            OpenStores.documents(inside, TYPE).deleteMany(new BsonDocument());
            OpenStores.documents(inside, TYPE + "_history").deleteMany(new BsonDocument());
        });
    }

    @AfterAll
    void close() {
        store.close();
    }

    private static Mirrored organization(String id, String name, Instant up) {
        return new Mirrored(
                new ResourceKey(TYPE, id),
                RawBsonDocument.parse("{resourceType: 'Organization', id: '" + id
                        + "', meta: {versionId: '9', lastUpdated: '" + up + "'}, name: ['" + name + "']}"),
                up);
    }

    private static List<Mirrored> batch(int count, String name, Instant up) {
        return IntStream.range(0, count)
                .mapToObj(i -> organization("o" + i, name + i, up))
                .toList();
    }

    private ResourceVersion read(String id) {
        return store.read(Caller.everyone(), key(id)).orElseThrow();
    }

    @Test
    void ingest_sameBatchAgain_makesNoVersion() {
        Ingested first = mirrored.ingest(SOURCE, TYPE, batch(300, "a", UP), FAR);
        Ingested again = mirrored.ingest(SOURCE, TYPE, batch(300, "a", UP), FAR);
        Ingested bumped = mirrored.ingest(SOURCE, TYPE, batch(300, "a", UP.plusSeconds(60)), FAR);

        assertThat(first.created()).isEqualTo(300);
        assertThat(again.unchanged()).isEqualTo(300);
        assertThat(bumped.unchanged()).isEqualTo(300);
        assertThat(mirrored.owned(SOURCE, TYPE)).isEqualTo(300);
        assertThat(read("o5").version()).isEqualTo(1);
    }

    @Test
    void ingest_changedContent_makesTheNextVersionAndKeepsTheOneBefore() {
        mirrored.ingest(SOURCE, TYPE, batch(50, "a", UP), FAR);

        Ingested changed = mirrored.ingest(SOURCE, TYPE, batch(40, "b", UP.plusSeconds(1)), FAR);

        assertThat(changed.updated()).isEqualTo(40);
        assertThat(read("o5").version()).isEqualTo(2);
        assertThat(read("o45").version()).isEqualTo(1);
        VersionChains chains = VersionChains.read(testDatabase, TYPE);
        chains.checkGapless("changed");
        assertThat(chains.withoutEnd()).isZero();
        assertThat(chains.versions()).isEqualTo(90);
    }

    @Test
    void ingest_erasedAfterTheFirstLook_isNotBroughtBack() {
        mirrored.ingest(SOURCE, TYPE, batch(2, "a", UP), FAR);

        Ingested changed =
                ingestAndMeanwhile(batch(2, "b", UP.plusSeconds(1)), () -> store.erase(Caller.everyone(), key("o1")));

        assertThat(changed.updated()).isEqualTo(1);
        assertThat(changed.refused()).extracting(Ingested.Refused::why).containsExactly(Ingested.Why.ERASED);
        assertThat(read("o1")).isInstanceOf(ResourceVersion.Deleted.class);
        VersionChains chains = VersionChains.read(testDatabase, TYPE);
        assertThat(chains.leftOfErased()).isZero();
    }

    @Test
    void ingest_writtenLocallyAfterTheFirstLook_isLeftAlone() {
        mirrored.ingest(SOURCE, TYPE, batch(1, "a", UP), FAR);
        mirrored.remove(SOURCE, TYPE, List.of("o0"), FAR);
        RawBsonDocument own = organization("o0", "of this server", UP).fhir();

        Ingested changed = ingestAndMeanwhile(
                batch(1, "b", UP.plusSeconds(1)),
                () -> store.put(Caller.everyone(), key("o0"), own, Precondition.none()));

        assertThat(changed.refused()).extracting(Ingested.Refused::why).containsExactly(Ingested.Why.OWNED_BY_OTHERS);
        assertThat(read("o0").version()).isEqualTo(3);
    }

    @Test
    void ingest_changedByAnotherBatchBeforeTheBump_isTaken() {
        mirrored.ingest(SOURCE, TYPE, batch(2, "a", UP), FAR);

        Ingested again = ingestAndMeanwhile(
                batch(2, "a", UP.plusSeconds(10)),
                () -> mirrored.ingest(SOURCE, TYPE, batch(1, "b", UP.plusSeconds(9)), FAR));

        assertThat(again.updated()).isEqualTo(1);
        assertThat(again.unchanged()).isEqualTo(1);
        assertThat(read("o0").version()).isEqualTo(3);
    }

    @Test
    void ingest_bumpAfterTheEndOfTheLease_changesNothing() {
        mirrored.ingest(SOURCE, TYPE, batch(1, "a", UP), FAR);
        Instant over = Instant.now().minusSeconds(60);

        assertThatThrownBy(() -> mirrored.ingest(SOURCE, TYPE, batch(1, "a", UP.plusSeconds(10)), over))
                .isInstanceOf(Refusal.class);

        Ingested older = mirrored.ingest(SOURCE, TYPE, batch(1, "b", UP.plusSeconds(5)), FAR);
        assertThat(older.updated()).isEqualTo(1);
    }

    /** Comes in between the first look at what is there and everything after that. */
    private Ingested ingestAndMeanwhile(List<Mirrored> batch, Runnable meanwhile) {
        AtomicBoolean armed = new AtomicBoolean();
        CommandListener listener = new CommandListener() {
            @Override
            public void commandSucceeded(CommandSucceededEvent event) {
                if (event.getCommandName().equals("find") && armed.compareAndSet(true, false)) {
                    meanwhile.run();
                }
            }
        };
        MongoStoreSettings settings = OpenStores.settings(testDatabase);
        try (MongoResourceStore watched = MongoResourceStore.open(
                new StoreDatabase(settings, List.of(listener)),
                settings,
                ContractFields.registry(),
                new ContractFields(),
                FloorTerms.usual())) {
            OpenStores.awaitReady(watched);
            armed.set(true);
            return watched.mirrored().ingest(SOURCE, TYPE, batch, FAR);
        }
    }

    private static ResourceKey key(String id) {
        return new ResourceKey(TYPE, id);
    }

    @Test
    void ingest_olderThanWhatIsThere_changesNothing() {
        mirrored.ingest(SOURCE, TYPE, batch(5, "new", UP), FAR);
        mirrored.ingest(SOURCE, TYPE, batch(5, "new", UP.plusSeconds(100)), FAR);

        Ingested older = mirrored.ingest(SOURCE, TYPE, batch(5, "old", UP.plusSeconds(50)), FAR);

        assertThat(older.older()).as("older than the bump that changed nothing").isEqualTo(5);
        assertThat(read("o1").version()).isEqualTo(1);
    }

    @Test
    void restate_olderThanWhatIsThere_isStoredAsTheOwnerHasItNow() {
        mirrored.ingest(SOURCE, TYPE, batch(5, "new", UP), FAR);
        List<Mirrored> restored = batch(5, "old", UP.minusSeconds(50));

        Ingested ingested = mirrored.ingest(SOURCE, TYPE, restored, FAR);
        Ingested restated = mirrored.restate(SOURCE, TYPE, restored, FAR);

        assertThat(ingested.disputed()).containsExactly("o0", "o1", "o2", "o3", "o4");
        assertThat(restated.updated()).isEqualTo(5);
        assertThat(mirrored.differing(SOURCE, TYPE, restored)).isEmpty();
        assertThat(mirrored.restate(SOURCE, TYPE, restored, FAR).unchanged()).isEqualTo(5);
        assertThat(mirrored.ingest(SOURCE, TYPE, batch(5, "old", UP.minusSeconds(60)), FAR)
                        .disputed())
                .as("older with the same content")
                .isEmpty();
        VersionChains.read(testDatabase, TYPE).checkGapless("restated");
    }

    @Test
    void ingest_resourceThatExtractionStumblesOver_isRefusedAlone() {
        mirrored.ingest(SOURCE, TYPE, batch(3, "a", UP), FAR);
        try (MongoResourceStore stumbling = stumblingOver("o1", "o3")) {
            // Writes wait until the other store knows what is searched now.
            Ingested changed = await().ignoreException(Refusal.class)
                    .until(
                            () -> stumbling.mirrored().ingest(SOURCE, TYPE, batch(5, "b", UP.plusSeconds(1)), FAR),
                            Objects::nonNull);
            Ingested same = stumbling.mirrored().ingest(SOURCE, TYPE, batch(3, "a", UP), FAR);

            assertThat(changed.refused())
                    .extracting(refused -> refused.key().id())
                    .containsExactlyInAnyOrder("o1", "o3");
            assertThat(changed.refused())
                    .allSatisfy(refused -> assertThat(refused.reason()).contains("stumbled"));
            assertThat(changed.updated()).isEqualTo(2);
            assertThat(changed.created()).isEqualTo(1);
            assertThat(same.unchanged())
                    .as("what has fields of another generation keeps them")
                    .isEqualTo(1);
        }
    }

    /** A store of another generation of search fields that cannot be made for some resources. */
    private MongoResourceStore stumblingOver(String... ids) {
        ContractFields plain = new ContractFields();
        SearchFields stumbling = new SearchFields() {
            @Override
            public BsonDocument extract(ResourceKey key, Instant from, RawBsonDocument fhir) {
                if (List.of(ids).contains(key.id())) {
                    throw new IllegalStateException("stumbled over " + key);
                }
                return plain.extract(key, from, fhir);
            }

            @Override
            public String digest(SearchParameter parameter) {
                return "stumbling " + parameter.code();
            }
        };
        MongoResourceStore opened =
                MongoResourceStore.open(OpenStores.settings(testDatabase), ContractFields.registry(), stumbling);
        OpenStores.awaitReady(opened);
        return opened;
    }

    @Test
    void ingest_afterTheLease_writesNothing() {
        assertThatThrownBy(() -> mirrored.ingest(
                        SOURCE, TYPE, batch(5, "a", UP), Instant.now().minusSeconds(60)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.EXPIRED));
        assertThat(mirrored.owned(SOURCE, TYPE)).isZero();
    }

    @Test
    void first_late_isNotAppliedAndInTimeIsStoredAsItIs() {
        try (StoreDatabase database = new StoreDatabase(OpenStores.settings(testDatabase))) {
            CommitBatch commitBatch = new CommitBatch(database);
            Instant now = database.primaryTime();
            List<RawBsonDocument> documents = List.of(document("x", 1), document("y", 2));

            assertThat(commitBatch.first(TYPE, documents, new CommitInstant(now, now, Numbers.use())))
                    .isEmpty();
            assertThat(mirrored.owned("s", TYPE)).isZero();
            CommitInstant inTime = new CommitInstant(now, now.plus(Duration.ofMinutes(1)), Numbers.use());
            assertThat(commitBatch.first(TYPE, documents, inTime)).containsExactlyInAnyOrder("x", "y");
            assertThat(bytes(new ReadCurrent(database)
                            .whole(new ResourceKey(TYPE, "x"))
                            .orElseThrow()
                            .document()))
                    .isEqualTo(bytes(documents.get(0)));
            assertThat(commitBatch.first(TYPE, List.of(document("z", 3), document("x", 4)), inTime))
                    .as("only what was inserted by this call")
                    .doesNotContain("x");
        }
    }

    @Test
    void next_late_leavesTheVersionBefore() {
        mirrored.ingest(SOURCE, TYPE, batch(2, "a", UP), FAR);
        try (StoreDatabase database = new StoreDatabase(OpenStores.settings(testDatabase))) {
            CommitBatch commitBatch = new CommitBatch(database);
            StoredVersion before =
                    new ReadCurrent(database).whole(new ResourceKey(TYPE, "o1")).orElseThrow();
            Instant now = database.primaryTime();

            assertThat(commitBatch.next(
                            TYPE,
                            List.of(new CommitBatch.Change(before, document("o1", before.position()))),
                            IngestResources.Age.NEWER,
                            new CommitInstant(now, now, Numbers.use())))
                    .isEmpty();
            assertThat(read("o1").version()).isEqualTo(1);
        }
    }

    private static ByteBuffer bytes(RawBsonDocument document) {
        return document.getByteBuffer().asNIO();
    }

    private static RawBsonDocument document(String id, long position) {
        return RawBsonDocument.parse("{_id: '" + id + "', n: NumberLong(" + position
                + "), v: NumberLong(1), from: {$date: '2026-01-01T00:00:00.120Z'}, src: 's', up: {$date: '2999-01-01T00:00:00Z'},"
                + " fhir: {resourceType: 'Organization', id: '" + id + "', amount: NumberDecimal('1.50'), zero: -0.0,"
                + " text: '$$NOW and $fhir', name: [{given: ['a', 'b']}]}, 't_a-value': ['$x', '\uD83D\uDE00']}");
    }

    @Test
    void ingest_largeResources_comeInSeveralCommands() {
        String large = "x".repeat(3 << 20);

        assertThat(mirrored.ingest(
                                SOURCE,
                                TYPE,
                                List.of(
                                        organization("a", "1" + large, UP),
                                        organization("b", "2" + large, UP),
                                        organization("c", "3" + large, UP)),
                                FAR)
                        .created())
                .isEqualTo(3);
    }

    @Test
    void remove_others_leavesThem() {
        mirrored.ingest(SOURCE, TYPE, batch(5, "a", UP), FAR);

        assertThat(mirrored.remove("other", TYPE, List.of("o1"), FAR).removed()).isZero();
        assertThat(mirrored.remove(SOURCE, TYPE, List.of("o1", "unknown"), FAR).removed())
                .isEqualTo(1);
        assertThat(mirrored.remove(SOURCE, TYPE, List.of("o1"), FAR).removed()).isZero();
        assertThat(read("o1")).isInstanceOf(ResourceVersion.Deleted.class);
        assertThat(mirrored.owned(SOURCE, TYPE, "", 10)).containsExactly("o0", "o2", "o3", "o4");
    }

    @Test
    void unseen_isWhatWasNotMarked() {
        mirrored.markSeen("run", List.of("a", "c", "d"), FAR);
        mirrored.markSeen("run", List.of("c", "d", "x"), FAR);

        assertThat(mirrored.unseen("run", List.of("a", "b", "c", "e"))).containsExactly("b", "e");
        mirrored.forgetSeen("run");
        assertThat(mirrored.unseen("run", List.of("a"))).containsExactly("a");
    }

    @Test
    void markSeen_late_leavesNothing() {
        assertThatThrownBy(() -> mirrored.markSeen("late", List.of("a"), UP))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.EXPIRED));

        OpenStores.inside(
                testDatabase, inside -> assertThat(inside.listCollectionNames()).doesNotContain("miroir_seen_late"));
    }

    /** Several read for one run from its first page on, when there is no collection yet. */
    @Test
    void markSeen_manyAtOnce_losesNone() throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(4);
        for (int round = 0; round < 20; round++) {
            String run = "round" + round;
            List<Callable<Void>> work = IntStream.range(0, 4)
                    .<Callable<Void>>mapToObj(reader -> () -> {
                        mirrored.markSeen(run, List.of("all", "of" + reader), FAR);
                        return null;
                    })
                    .toList();
            for (Future<Void> done : readers.invokeAll(work)) {
                done.get();
            }
            assertThat(mirrored.unseen(run, List.of("all", "of0", "of1", "of2", "of3", "of4")))
                    .containsExactly("of4");
            mirrored.forgetSeen(run);
        }
        readers.shutdown();
    }

    @Test
    void ingest_manyAtOnce_losesNoVersionAndKeepsTheNewest() throws Exception {
        try (MongoResourceStore other = OpenStores.ready(testDatabase)) {
            ExecutorService writers = Executors.newFixedThreadPool(8);
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Random random = new Random(SEED + i);
                MirroredResources through = i % 2 == 0 ? mirrored : other.mirrored();
                work.add(() -> {
                    for (int round = 0; round < 15; round++) {
                        int state = random.nextInt(100);
                        through.ingest(SOURCE, TYPE, batch(20, "s" + state + "-", UP.plusSeconds(state)), FAR);
                    }
                    return null;
                });
            }
            for (Future<Void> done : writers.invokeAll(work)) {
                done.get();
            }
            writers.shutdown();
        }
        mirrored.ingest(SOURCE, TYPE, batch(20, "last", UP.plusSeconds(1_000)), FAR);

        VersionChains chains = VersionChains.read(testDatabase, TYPE);
        chains.checkGapless("seed " + SEED);
        assertThat(chains.withoutEnd()).as("seed %d", SEED).isZero();
        assertThat(mirrored.differing(SOURCE, TYPE, batch(20, "last", UP.plusSeconds(1_000))))
                .isEmpty();
        assertThat(mirrored.differing(SOURCE, TYPE, batch(21, "other", UP)))
                .hasSize(21)
                .anyMatch(difference -> difference.contains("o20 is there and not here"));
    }
}
