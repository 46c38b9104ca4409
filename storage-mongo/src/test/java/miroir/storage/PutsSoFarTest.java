package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import miroir.index.store.Put;
import miroir.index.store.PutOutcome;
import miroir.index.store.ResourceKey;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.Test;

class PutsSoFarTest {
    private static final ResourceKey NEW = new ResourceKey("Practitioner", "new");
    private static final ResourceKey CHANGED = new ResourceKey("Practitioner", "changed");

    private final PutsSoFar soFar = new PutsSoFar();

    @Test
    void mustBeEnded_isOnlyWhatHasLeftACopy() {
        soFar.lost(NEW, false);
        soFar.lost(CHANGED, true);

        assertThat(soFar.mustBeEnded(NEW)).isFalse();
        assertThat(soFar.mustBeEnded(CHANGED)).isTrue();
    }

    @Test
    void lost_isWhatHasNoOutcomeYet() {
        soFar.lost(NEW, false);
        soFar.lost(CHANGED, true);
        soFar.done(CHANGED, new PutOutcome.NotBegun());

        assertThat(soFar.lost(List.of(put(NEW), put(CHANGED), put(new ResourceKey("Practitioner", "other")))))
                .extracting(Put::key)
                .containsExactly(NEW);
    }

    private static Put put(ResourceKey key) {
        return new Put(key, new RawBsonDocument(new BsonDocument(), new BsonDocumentCodec()), false);
    }
}
