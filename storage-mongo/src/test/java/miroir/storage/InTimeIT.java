package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import miroir.index.store.ResourceKey;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Commits that reach the database after their limit. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InTimeIT {
    private final StoreDatabase database;
    private final CommitVersion commitVersion;
    private final ReadCurrent readCurrent;

    InTimeIT(TestDatabase database) {
        this.database = new StoreDatabase(OpenStores.settings(database));
        this.commitVersion = new CommitVersion(this.database);
        this.readCurrent = new ReadCurrent(this.database);
    }

    @AfterAll
    void close() {
        database.close();
    }

    @Test
    void first_late_isNotApplied() {
        ResourceKey key = new ResourceKey("Practitioner", "late");

        assertThat(commitVersion.first(key, document(key, 1), late())).isFalse();
        assertThat(readCurrent.whole(key)).isEmpty();
    }

    @Test
    void first_inTime_storesTheDocumentAsItIs() {
        ResourceKey key = new ResourceKey("Practitioner", "new");
        RawBsonDocument document = document(key, 1);

        assertThat(commitVersion.first(key, document, inTime())).isTrue();
        assertThat(bytes(readCurrent.whole(key).orElseThrow().document())).isEqualTo(bytes(document));
        assertThat(commitVersion.first(key, document, inTime())).isFalse();
    }

    @Test
    void next_late_leavesTheVersionBefore() {
        ResourceKey key = new ResourceKey("Practitioner", "old");
        commitVersion.first(key, document(key, 1), inTime());
        StoredVersion before = readCurrent.whole(key).orElseThrow();

        assertThat(commitVersion.next(before, document(key, 2), late())).isFalse();
        assertThat(readCurrent.whole(key).orElseThrow().version().version()).isEqualTo(1);
        assertThat(commitVersion.next(before, document(key, 2), inTime())).isTrue();
    }

    private static ByteBuffer bytes(RawBsonDocument document) {
        return document.getByteBuffer().asNIO();
    }

    private CommitInstant inTime() {
        Instant now = database.primaryTime();
        return new CommitInstant(now, now.plus(Duration.ofMinutes(1)), Numbers.use());
    }

    private CommitInstant late() {
        Instant now = database.primaryTime();
        return new CommitInstant(now, now, Numbers.use());
    }

    private static RawBsonDocument document(ResourceKey key, int version) {
        return RawBsonDocument.parse("{_id: '" + key.id() + "', n: NumberLong("
                + key.id().hashCode()
                + "), v: NumberLong(" + version + "), from: {$date: '2026-01-01T00:00:00.120Z'}, fhir: {resourceType:"
                + " 'Practitioner', id: '" + key.id() + "', amount: NumberDecimal('1.50'), zero: -0.0, active: true,"
                + " text: '$$NOW and $fhir', name: [{given: ['a', 'b']}]}, 't_a-value': ['$x', '\uD83D\uDE00']}");
    }
}
