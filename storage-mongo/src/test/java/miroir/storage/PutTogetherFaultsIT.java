package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.Put;
import miroir.index.store.PutOutcome;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.storage.testing.LocalMongod;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.TestMongod;
import miroir.storage.testing.VersionChains;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of several puts at once where the connection breaks before a command is done, or the database does not say whether a majority has it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PutTogetherFaultsIT {
    private static final String TYPE = "Practitioner";
    private static final String NAME = "faults";
    private static final int MANY = 20;

    /** Made with the first version, that is those of the first half. */
    private static final int KNOWN = MANY / 2;

    private static final String BREAKS = "closeConnection: true";
    private static final String IS_DONE_AND_NOT_SAID = "writeConcernError: {code: 64, errmsg: 'for this test'}";

    private final LocalMongod mongod = LocalMongod.startToBeHeldUp(TestMongod.binary());
    private final TestDatabase database = new TestDatabase(mongod.uri(), NAME);
    private final MongoResourceStore store = OpenStores.ready(database);

    @AfterAll
    void close() {
        store.close();
        mongod.close();
    }

    private List<PutOutcome> putEach(int from, int to, String name) {
        return putEach(store, from, to, name);
    }

    private static List<PutOutcome> putEach(MongoResourceStore store, int from, int to, String name) {
        List<Put> puts = IntStream.range(from, to)
                .mapToObj(i -> new Put(
                        new ResourceKey(TYPE, "p" + i),
                        RawBsonDocument.parse(
                                "{resourceType: '" + TYPE + "', id: 'p" + i + "', name: ['" + name + "']}"),
                        false))
                .toList();
        return store.putEach(Caller.everyone(), puts, Deadline.in(Duration.ofSeconds(60)));
    }

    private void fail(String command, String collection, String how) {
        set("{configureFailPoint: 'failCommand', mode: 'alwaysOn', data: {failCommands: ['" + command
                + "'], namespace: '" + NAME + "." + collection + "', " + how + "}}");
    }

    private void set(String failPoint) {
        try (MongoClient client = MongoClients.create(mongod.uri())) {
            client.getDatabase("admin").runCommand(BsonDocument.parse(failPoint));
        }
    }

    private static Stream<ResourceVersion> stored(List<PutOutcome> outcomes) {
        return outcomes.stream()
                .flatMap(outcome -> outcome instanceof PutOutcome.Stored stored
                        ? Stream.of(stored.written().current())
                        : Stream.empty());
    }

    private static Refusal.Reason reason(PutOutcome outcome) {
        return outcome instanceof PutOutcome.Failed failed && failed.failure() instanceof Refusal refusal
                ? refusal.reason()
                : Refusal.Reason.INVALID;
    }

    private VersionChains chains(String what) {
        VersionChains chains = VersionChains.read(database, TYPE);
        chains.checkGapless(what);
        return chains;
    }

    private void empty() {
        OpenStores.inside(database, inside -> {
            OpenStores.documents(inside, TYPE).deleteMany(new BsonDocument());
            OpenStores.documents(inside, TYPE + "_history").deleteMany(new BsonDocument());
        });
    }

    /** Nobody is told that it was written, and whoever sends it again makes no version of what was. */
    @ParameterizedTest
    @CsvSource({
        "aggregate, $cmd.aggregate, false",
        "aggregate, $cmd.aggregate, true",
        "insert, Practitioner_history, false",
        "insert, Practitioner_history, true",
        "update, Practitioner, false",
        "update, Practitioner, true"
    })
    void putEach_endOfACommandIsNotKnown_isNotToldAsWrittenNorWrittenTwice(
            String command, String collection, boolean isDone) {
        empty();
        assertThat(stored(putEach(0, KNOWN, "Anne"))).hasSize(KNOWN);

        fail(command, collection, isDone ? IS_DONE_AND_NOT_SAID : BREAKS);
        List<PutOutcome> outcomes = putEach(0, MANY, "Anna");
        set("{configureFailPoint: 'failCommand', mode: 'off'}");

        boolean isOfNew = command.equals("aggregate");
        List<PutOutcome> concerned = isOfNew ? outcomes.subList(KNOWN, MANY) : outcomes.subList(0, KNOWN);
        List<PutOutcome> others = isOfNew ? outcomes.subList(0, KNOWN) : outcomes.subList(KNOWN, MANY);
        assertThat(concerned).map(PutTogetherFaultsIT::reason).containsOnly(Refusal.Reason.NOT_READY);
        assertThat(stored(others)).hasSize(KNOWN);
        VersionChains chains = chains("broken");
        stored(outcomes).forEach(told -> chains.checkKept(command, told.key().id(), told.version(), "Anna"));
        assertThat(stored(putEach(0, MANY, "Anna")).map(ResourceVersion::version))
                .containsExactlyElementsOf(IntStream.range(0, MANY)
                        .mapToObj(i -> i < KNOWN ? 2L : 1L)
                        .toList());
        assertThat(chains("again").unchanged()).isEmpty();
    }

    /** That one lost is known, and what of the others a majority has is not: what was inserted would be told as there already. */
    @Test
    void putEach_oneLosesAndNoMajorityIsTold_isNotToldOfAny() {
        empty();
        Interference interference = new Interference(TYPE);
        try (MongoResourceStore watched = OpenStores.ready(database, interference)) {
            interference.after("find", () -> putEach(MANY - 1, MANY, "faster"));
            fail("aggregate", "$cmd.aggregate", IS_DONE_AND_NOT_SAID);

            List<PutOutcome> outcomes = putEach(watched, 0, MANY, "Anna");

            assertThat(outcomes).map(PutTogetherFaultsIT::reason).containsOnly(Refusal.Reason.NOT_READY);
        } finally {
            set("{configureFailPoint: 'failCommand', mode: 'off'}");
        }
        assertThat(stored(putEach(0, MANY, "Anna")).map(ResourceVersion::version))
                .containsExactlyElementsOf(IntStream.range(0, MANY)
                        .mapToObj(i -> i < MANY - 1 ? 1L : 2L)
                        .toList());
        assertThat(chains("again").unchanged()).isEmpty();
    }

    /** Where the database is away each command would wait for it. */
    @Test
    void putEach_endOfACommandIsNotKnown_nothingMoreIsBegunTogether() {
        empty();
        putEach(0, KNOWN, "Anne");
        CommandSteps steps = new CommandSteps(TYPE, TYPE + "_history");
        try (MongoResourceStore counted = OpenStores.ready(database, steps)) {
            steps.stopBefore(0);
            fail("aggregate", "$cmd.aggregate", BREAKS);

            assertThat(stored(putEach(counted, 0, MANY, "Anna"))).hasSize(KNOWN);
        } finally {
            set("{configureFailPoint: 'failCommand', mode: 'off'}");
        }
        assertThat(steps.count("insert")).as("each for itself").isEqualTo(KNOWN);
    }

    /** They stand whether or not it is written down until when those before them held. */
    @Test
    void putEach_endsAreNotWritten_isDone() {
        empty();
        putEach(0, KNOWN, "Anne");

        fail("update", TYPE + "_history", BREAKS);
        List<PutOutcome> outcomes = putEach(0, KNOWN, "Anna");
        set("{configureFailPoint: 'failCommand', mode: 'off'}");

        assertThat(stored(outcomes).map(ResourceVersion::version))
                .hasSize(KNOWN)
                .containsOnly(2L);
        assertThat(chains("without ends").withoutEnd()).isEqualTo(KNOWN);
        putEach(0, KNOWN, "Hanna");
        assertThat(chains("healed").withoutEnd()).isZero();
    }
}
