package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.ClientSession;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Criteria;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryQuery;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Transactions at the port: what is undone, what others see of them, and what others do in between. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InTransactionIT {
    private static final String TYPE = "Practitioner";
    private static final ResourceKey A = new ResourceKey(TYPE, "a");
    private static final ResourceKey B = new ResourceKey(TYPE, "b");

    /** What {@link #watched} sent within transactions. */
    private final List<String> sentWithin = new CopyOnWriteArrayList<>();

    private final StoreDatabase watched;
    private final StoreDatabase inside;
    private final MongoResourceStore one;
    private final MongoResourceStore other;
    private final MongoResourceStore third;

    InTransactionIT(TestDatabase test) {
        MongoStoreSettings settings = OpenStores.settings(test);
        this.inside = new StoreDatabase(settings);
        this.watched = new StoreDatabase(settings, List.of(new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                if (event.getCommand().containsKey("autocommit")) {
                    sentWithin.add(event.getCommandName());
                }
            }
        }));
        this.one = OpenStores.ready(test);
        this.other = OpenStores.ready(test);
        this.third = MongoResourceStore.open(
                watched, settings, ContractFields.registry(), new ContractFields(), FloorTerms.usual());
        OpenStores.awaitReady(third);
    }

    /** The board of floors stays: what a process was told is not taken back. */
    @BeforeEach
    void empty() {
        inside.current(TYPE).deleteMany(new BsonDocument());
        inside.history(TYPE).deleteMany(new BsonDocument());
        inside.guards().deleteMany(new BsonDocument());
    }

    @AfterAll
    void close() {
        third.close();
        inside.close();
        other.close();
        one.close();
    }

    @Test
    void work_thatFails_leavesNothing() {
        put(one, A, "first");

        assertThatThrownBy(() -> transaction(one, within -> {
                    put(within, A, "second");
                    put(within, B, "first");
                    assertThat(found(within, "second"))
                            .as("what was written is found")
                            .containsExactly("a");
                    throw new Refusal(Refusal.Reason.INVALID, "late");
                }))
                .isInstanceOf(Refusal.class)
                .hasMessage("late");

        assertThat(version(one, A)).isEqualTo(1);
        assertThat(one.read(Caller.everyone(), B)).isEmpty();
        assertThat(one.readVersion(Caller.everyone(), A, 1)).isPresent();
        assertThat(history(one)).hasSize(1);
    }

    @Test
    void versions_haveOneInstant_andAreSeenTogether() {
        put(one, A, "first");

        transaction(one, within -> {
            put(within, A, "second");
            put(within, B, "first");
            found(within, "second");
            assertThat(version(other, A)).as("others see nothing yet").isEqualTo(1);
            assertThat(other.read(Caller.everyone(), B)).isEmpty();
            assertThat(within.readVersion(Caller.everyone(), A, 1)).isPresent();
            return null;
        });

        ResourceVersion second = other.read(Caller.everyone(), A).orElseThrow();
        assertThat(second.version()).isEqualTo(2);
        assertThat(other.read(Caller.everyone(), B).orElseThrow().from()).isEqualTo(second.from());
        assertThat(history(other)).extracting(ResourceVersion::version).containsExactlyInAnyOrder(2L, 1L, 1L);
    }

    /** A follower that asks during a transaction is not told an instant at or after that of its versions. */
    @Test
    void settled_duringATransaction_isBeforeIt() {
        Instant[] told = new Instant[1];

        transaction(one, within -> {
            put(within, A, "first");
            found(within, "first");
            told[0] = other.settled(Caller.everyone(), Duration.ofMillis(200), inAMinute());
            return null;
        });

        Instant from = one.read(Caller.everyone(), A).orElseThrow().from();
        assertThat(told[0]).isBefore(from);
        assertThat(other.settled(Caller.everyone(), Duration.ofSeconds(20), inAMinute()))
                .isAfterOrEqualTo(from);
    }

    /** Readers may send transactions: they hold up nobody. */
    @Test
    void settled_duringATransactionThatOnlyReads_goesOn() {
        put(one, A, "first");

        transaction(one, within -> {
            assertThat(within.read(Caller.everyone(), A)).isPresent();
            assertThat(found(within, "first")).containsExactly("a");
            Instant begun = inside.primaryTime();
            put(other, B, "meanwhile");
            Instant meanwhile = other.read(Caller.everyone(), B).orElseThrow().from();
            assertThat(other.settled(Caller.everyone(), Duration.ofSeconds(20), inAMinute()))
                    .isAfterOrEqualTo(begun)
                    .isAfterOrEqualTo(meanwhile);
            return null;
        });
    }

    /** What is replaced may be as large as it is: it is sent before there is too much of it. */
    @Test
    void muchThatIsDeleted_isSentInBetween() {
        String large = "x".repeat(3 << 20);
        List<ResourceKey> keys = IntStream.range(0, 6)
                .mapToObj(i -> new ResourceKey(TYPE, "large-" + i))
                .toList();
        keys.forEach(key -> one.put(
                Caller.everyone(),
                key,
                RawBsonDocument.parse("{resourceType: 'Practitioner', id: '" + key.id() + "', text: '" + large + "'}"),
                Precondition.none()));
        sentWithin.clear();

        transaction(third, within -> {
            keys.forEach(key -> within.delete(Caller.everyone(), key, Precondition.none()));
            assertThat(sentWithin).as("before the end").contains("update");
            return null;
        });

        keys.forEach(key -> assertThat(version(one, key)).isEqualTo(2));
    }

    /** The limit of the database begins before the instant is chosen. */
    @Test
    void firstCommand_comesBeforeTheInstant() {
        List<String> before = new ArrayList<>();
        sentWithin.clear();

        try (ClientSession session = watched.startSession()) {
            session.startTransaction();
            new OpenTransaction(watched, session, previous -> {
                        before.addAll(sentWithin);
                        return new CommitInstant(Instant.now(), Instant.MAX, Numbers.use());
                    })
                    .at(Instant.EPOCH, CommitInstant::from);
        }

        assertThat(before).containsExactly("find");
    }

    @Test
    void writer_betweenReadingAndWriting_isSeenByTheNextAttempt() {
        put(one, A, "first");
        AtomicInteger attempts = new AtomicInteger();

        transaction(one, within -> {
            assertThat(within.read(Caller.everyone(), A)).isPresent();
            if (attempts.incrementAndGet() == 1) {
                put(other, A, "second");
            }
            return put(within, A, "third");
        });

        assertThat(attempts).hasValue(2);
        assertThat(version(one, A)).isEqualTo(3);
        assertThat(history(one)).hasSize(3);
    }

    @Test
    void writers_alwaysFaster_areAConflict() {
        put(one, A, "0");
        AtomicInteger attempts = new AtomicInteger();

        assertThatThrownBy(() -> one.inTransaction(Set.of(TYPE), Deadline.in(Duration.ofMillis(300)), within -> {
                    within.read(Caller.everyone(), A);
                    put(other, A, "other " + attempts.incrementAndGet());
                    return put(within, A, "never");
                }))
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.reason()).isEqualTo(Refusal.Reason.CONFLICT))
                .hasMessageContaining(attempts.get() + " attempts");
        assertThat(version(one, A)).isEqualTo(attempts.get() + 1L);
    }

    /** The database has him wait until the transaction has ended; nothing of either is lost. */
    @Test
    void writer_alone_waitsForTheTransaction() throws Exception {
        put(one, A, "first");
        CompletableFuture<?>[] writer = new CompletableFuture<?>[1];

        transaction(one, within -> {
            put(within, A, "second");
            found(within, "second");
            writer[0] = CompletableFuture.runAsync(() -> put(other, A, "third"));
            return null;
        });

        writer[0].get(20, TimeUnit.SECONDS);
        assertThat(version(one, A)).isEqualTo(3);
        List<ResourceVersion> versions = history(one);
        assertThat(versions).extracting(ResourceVersion::version).containsExactly(3L, 2L, 1L);
    }

    @Test
    void guard_ofSomebodyWhoCreates_isWaitedFor() {
        AtomicInteger attempts = new AtomicInteger();

        Optional<Written> created = transaction(one, within -> {
            if (attempts.incrementAndGet() == 1) {
                within.read(Caller.everyone(), A);
                assertThat(create(other, "same", B)).isPresent();
            }
            return create(within, "same", A);
        });

        assertThat(created).isEmpty();
        assertThat(found(one, "same")).containsExactly("b");
    }

    @Test
    void sameResource_twice_isRefused() {
        assertThatThrownBy(() -> transaction(one, within -> {
                    put(within, A, "first");
                    return put(within, A, "second");
                }))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("Practitioner/a would be written twice");
    }

    @Test
    void deletion_andRecreation_continueVersions() {
        put(one, A, "first");
        transaction(one, within -> within.delete(Caller.everyone(), A, Precondition.none()));
        transaction(one, within -> put(within, A, "again"));

        assertThat(version(one, A)).isEqualTo(3);
        assertThat(history(one)).extracting(ResourceVersion::version).containsExactly(3L, 2L, 1L);
    }

    /** What a crash of a single write leaves: the version that is current is in history already. */
    @Test
    void copyInHistory_ofACrash_isNoObstacle() {
        put(one, A, "first");
        StoredVersion current = new ReadCurrent(inside).whole(A).orElseThrow();
        new KeepVersions(inside).run(TYPE, List.of(current));

        transaction(one, within -> put(within, A, "second"));

        assertThat(history(one)).extracting(ResourceVersion::version).containsExactly(2L, 1L);
        RawBsonDocument kept = inside.history(TYPE).find().first();
        assertThat(kept).isNotNull();
        assertThat(kept.getDateTime("to").getValue())
                .isEqualTo(one.read(Caller.everyone(), A).orElseThrow().from().toEpochMilli());
    }

    @Test
    void histories_within_areNotOffered() {
        assertThatThrownBy(
                        () -> transaction(one, within -> within.settled(Caller.everyone(), Duration.ZERO, inAMinute())))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("a batch has it");
    }

    private static <T> T transaction(ResourceStore store, Function<ResourceStore, T> work) {
        return store.inTransaction(Set.of(TYPE), Deadline.in(Duration.ofSeconds(20)), work);
    }

    private static Written put(ResourceStore store, ResourceKey key, String family) {
        return store.put(Caller.everyone(), key, practitioner(key, family), Precondition.none());
    }

    private static Optional<Written> create(ResourceStore store, String family, ResourceKey key) {
        return store.createUnlessFound(
                Caller.everyone(),
                new Criteria(TYPE, named(family), inAMinute()),
                key,
                practitioner(key, family),
                ResourceVersion.Origin.CREATED);
    }

    private static RawBsonDocument practitioner(ResourceKey key, String url) {
        return RawBsonDocument.parse("{resourceType: 'Practitioner', id: '" + key.id() + "', url: '" + url + "'}");
    }

    private static List<String> found(ResourceStore store, String family) {
        return store
                .select(Caller.everyone(), new PageQuery(TYPE, named(family), 0, 10, inAMinute()))
                .resources()
                .stream()
                .map(live -> live.key().id())
                .toList();
    }

    private static Condition named(String family) {
        return new Condition.In("t_url", List.of(new BsonString(family)));
    }

    private static long version(ResourceStore store, ResourceKey key) {
        return store.read(Caller.everyone(), key).orElseThrow().version();
    }

    private static List<ResourceVersion> history(ResourceStore store) {
        Instant now = store.settled(Caller.everyone(), Duration.ofSeconds(20), inAMinute());
        HistoryPage page = store.history(
                Caller.everyone(),
                new HistoryQuery(new HistoryQuery.Types(Set.of(TYPE)), null, null, now, null, 100, inAMinute()));
        return page.versions();
    }

    private static Deadline inAMinute() {
        return Deadline.in(Duration.ofMinutes(1));
    }
}
