package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import miroir.index.store.Page;
import miroir.server.metadata.CapabilityDocument;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.Test;

final class AnswersSoFarTest {
    private static final RawBsonDocument MEGABYTE =
            new RawBsonDocument(new BsonDocument("a", new BsonString("x".repeat(1 << 20))), new BsonDocumentCodec());

    @Test
    void whateverIsHeld_counts() {
        for (Answer.Body body : List.of(
                new Answer.OneResource(MEGABYTE),
                new Answer.Known(MEGABYTE),
                new Answer.Capabilities(new CapabilityDocument(MEGABYTE, "1")))) {
            AnswersSoFar soFar = new AnswersSoFar();
            for (long bytes = 0; bytes < Page.MOST_BYTES; bytes += 1 << 20) {
                assertThat(soFar.isFull()).isFalse();
                soFar.add(body);
            }
            assertThat(soFar.isFull()).as(body.getClass().getSimpleName()).isTrue();
        }
    }
}
