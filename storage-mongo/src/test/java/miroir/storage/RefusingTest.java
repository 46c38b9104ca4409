package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoClientException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoCursorNotFoundException;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoServerUnavailableException;
import com.mongodb.MongoSocketException;
import com.mongodb.ServerAddress;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.bulk.WriteConcernError;
import com.mongodb.connection.ClusterId;
import com.mongodb.connection.ServerId;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.Refusal;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RefusingTest {
    private static final ServerAddress ADDRESS = new ServerAddress();

    static Stream<MongoException> whatADatabaseThatGoesAwayLeaves() {
        MongoSocketException cut = new MongoSocketException("cut", ADDRESS);
        return Stream.of(
                cut,
                new MongoConnectionPoolClearedException(new ServerId(new ClusterId(), ADDRESS), cut),
                new MongoServerUnavailableException("closed"),
                new MongoSecurityException(
                        MongoCredential.createCredential("user", "admin", new char[0]), "authenticating", cut),
                new MongoCursorNotFoundException(
                        7, new BsonDocument("ok", new BsonInt32(0)).append("code", new BsonInt32(43)), ADDRESS),
                new MongoException(91, "shutting down"),
                new MongoException(134, "no majority yet"),
                new MongoException(11601, "killed"),
                several(new WriteConcernError(64, "WriteConcernFailed", "no majority", new BsonDocument()), List.of()),
                several(null, List.of(new BulkWriteError(11602, "stepped down", new BsonDocument(), 0))));
    }

    @ParameterizedTest
    @MethodSource("whatADatabaseThatGoesAwayLeaves")
    void failures_databaseIsAway_areNotReady(MongoException failure) {
        assertThatThrownBy(() -> failing(failure))
                .hasMessage("the database does not answer at the moment (asking): try again")
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_READY));
    }

    /** What may still be done is not known. */
    @ParameterizedTest
    @MethodSource("whatADatabaseThatGoesAwayLeaves")
    void isKnown_databaseIsAway_isNot(MongoException failure) {
        assertThat(Refusing.isKnown(failure)).isFalse();
    }

    @Test
    void isKnown_databaseRefused_is() {
        BsonDocument refused = new BsonDocument("ok", new BsonInt32(0)).append("code", new BsonInt32(121));
        BsonDocument overTime = new BsonDocument("ok", new BsonInt32(0)).append("code", new BsonInt32(50));

        assertThat(Refusing.isKnown(new MongoCommandException(refused, ADDRESS)))
                .isTrue();
        assertThat(Refusing.isKnown(several(null, List.of(new BulkWriteError(121, "refused", new BsonDocument(), 0)))))
                .isTrue();
        assertThat(Refusing.isKnown(new MongoCommandException(overTime, ADDRESS)))
                .isFalse();
    }

    /** A command may have done a part before it failed, of which no majority is told. */
    @Test
    void commandFailedAndNoMajorityIsTold_isNotKnownAndAway() {
        MongoCommandException duplicate = new MongoCommandException(
                BsonDocument.parse("{ok: 0, code: 11000, writeConcernError: {code: 64, errmsg: 'late'}}"), ADDRESS);

        assertThat(Refusing.isDuplicateKey(duplicate)).isTrue();
        assertThat(Refusing.isKnown(duplicate)).isFalse();
        assertThat(Refusing.isAway(duplicate)).isTrue();
        BsonDocument unsatisfiable = BsonDocument.parse("{ok: 0, code: 121, writeConcernError: {code: 100}}");
        assertThat(Refusing.isKnown(new MongoCommandException(unsatisfiable, ADDRESS)))
                .isFalse();
    }

    /** It would not fit the next time either. */
    @Test
    void transactionThatDoesNotFitTheCache_isTooLarge() {
        assertThatThrownBy(() -> Refusing.failures("writing", () -> {
                    throw new MongoException(
                            388, "transaction is too large and will not fit in the storage engine cache");
                }))
                .hasMessageContaining("(writing)")
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.reason()).isEqualTo(Refusal.Reason.TOO_LARGE));
    }

    @Test
    void failures_overTime_areTooCostly() {
        assertThatThrownBy(() -> failing(new MongoExecutionTimeoutException(50, "over")))
                .hasMessage("there was not enough time for asking")
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_COSTLY));
    }

    @Test
    void failures_ofOurOwn_stayWhatTheyAre() {
        MongoException ours = new MongoClientException("a mistake");

        assertThatThrownBy(() -> failing(ours)).isSameAs(ours);
        assertThat(Refusing.isAway(several(null, List.of(new BulkWriteError(2, "bad", new BsonDocument(), 0)))))
                .isFalse();
    }

    private static void failing(MongoException failure) {
        Refusing.failures("asking", () -> {
            throw failure;
        });
    }

    private static MongoBulkWriteException several(@Nullable WriteConcernError majority, List<BulkWriteError> errors) {
        return new MongoBulkWriteException(BulkWriteResult.unacknowledged(), errors, majority, ADDRESS, Set.of());
    }
}
