package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoWriteConcernException;
import com.mongodb.ServerAddress;
import com.mongodb.WriteConcernResult;
import com.mongodb.bulk.WriteConcernError;
import java.util.Map;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;

/** After which failures of a commit its end is known. */
final class RunTransactionTest {
    private static final ServerAddress SERVER = new ServerAddress();

    @Test
    void tellsTheEnd_onlyWhatTheDatabaseAnswers() {
        MongoException refused = answer();
        MongoException unknown = answer();
        unknown.addLabel(MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL);
        Map<MongoException, Boolean> known = Map.of(
                refused,
                true,
                unknown,
                false,
                new MongoInterruptedException("stopped", new InterruptedException()),
                false,
                new MongoSocketException("closed", SERVER),
                false,
                new MongoWriteConcernException(
                        new WriteConcernError(100, "UnsatisfiableWriteConcern", "no majority", new BsonDocument()),
                        WriteConcernResult.unacknowledged(),
                        SERVER,
                        Set.of()),
                false);

        assertThat(known)
                .allSatisfy((failure, expected) ->
                        assertThat(RunTransaction.tellsTheEnd(failure)).isEqualTo(expected));
    }

    private static MongoException answer() {
        return new MongoCommandException(new BsonDocument("code", new BsonInt32(251)), SERVER);
    }
}
