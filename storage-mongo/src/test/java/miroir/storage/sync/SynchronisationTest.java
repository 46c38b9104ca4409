package miroir.storage.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

final class SynchronisationTest {
    private static final Instant COMPLETE = Instant.parse("2026-11-27T04:30:00Z");

    @Test
    void twoTimesPassedSinceItWasComplete_isLate() {
        Synchronisation synchronisation = Synchronisation.of(document(COMPLETE));

        assertThat(synchronisation.isLate(COMPLETE.plusSeconds(12 * 3600))).isFalse();
        assertThat(synchronisation.isLate(COMPLETE.plusSeconds(12 * 3600 + 1))).isTrue();
        assertThat(synchronisation.words(COMPLETE.plusSeconds(13 * 3600))).isEqualTo("OK late");
    }

    @Test
    void firstRunNeverEnds_isLate() {
        BsonDocument first = document(COMPLETE).append("firstStart", new BsonDateTime(COMPLETE.toEpochMilli()));
        first.remove("mark");

        assertThat(Synchronisation.of(first).isLate(COMPLETE.plusSeconds(12 * 3600)))
                .isFalse();
        assertThat(Synchronisation.of(first).isLate(COMPLETE.plusSeconds(12 * 3600 + 1)))
                .isTrue();
    }

    /** Its mark would be before the time at which the run began. */
    @Test
    void clockOfTheUpstreamIsBehind_isNotLateWhileTheNextRunGoesOn() {
        Instant began = Instant.parse("2026-11-27T05:15:00Z");
        BsonDocument nightly = document(began.minusSeconds(1))
                .append("completed", new BsonDateTime(began.plusSeconds(60).toEpochMilli()));
        nightly.getDocument("definition").append("schedule", new BsonString("15 5 * * * UTC"));

        assertThat(Synchronisation.of(nightly).isLate(began.plusSeconds(86_400 + 600)))
                .isFalse();
        assertThat(Synchronisation.of(nightly).isLate(began.plusSeconds(2 * 86_400 + 600)))
                .isTrue();
    }

    @Test
    void stopped_isNeverLate() {
        BsonDocument stopped = document(COMPLETE).append("stopped", BsonBoolean.TRUE);

        assertThat(Synchronisation.of(stopped).words(COMPLETE.plusSeconds(86_400)))
                .isEqualTo("STOP");
    }

    @Test
    void neverRun_saysSo() {
        Synchronisation synchronisation = Synchronisation.of(new BsonDocument("_id", new BsonString("annuaire/Device"))
                .append("definition", document(COMPLETE).getDocument("definition")));

        assertThat(synchronisation.words(COMPLETE)).isEqualTo("OK never run");
    }

    private static BsonDocument document(Instant mark) {
        BsonDateTime complete = new BsonDateTime(mark.toEpochMilli());
        return new BsonDocument("_id", new BsonString("annuaire/Device"))
                .append(
                        "definition",
                        new BsonDocument("source", new BsonString("annuaire"))
                                .append("type", new BsonString("Device"))
                                .append("schedule", new BsonString("6h")))
                .append("lastStart", complete)
                .append("mark", complete);
    }
}
