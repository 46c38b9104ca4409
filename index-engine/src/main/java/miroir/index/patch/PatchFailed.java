package miroir.index.patch;

import miroir.index.Refusal.Reason;
import org.bson.BsonDocument;
import org.bson.BsonSerializationException;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** An operation that cannot be done; {@link Operations} adds which one it is. */
final class PatchFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    private PatchFailed(Reason reason, String sentence) {
        super(sentence, null, false, false);
        this.reason = reason;
    }

    /** It is no operation at all. */
    static PatchFailed malformed(String sentence) {
        return new PatchFailed(Reason.INVALID, sentence);
    }

    /** It does not fit the resource. */
    static PatchFailed unfit(String sentence) {
        return new PatchFailed(Reason.NOT_APPLICABLE, sentence);
    }

    /** It would make too much. */
    static PatchFailed tooLarge(String sentence) {
        return new PatchFailed(Reason.TOO_LARGE, sentence);
    }

    /** The document as bytes, which is not possible at any depth: {@code move} can put things into each other without end. */
    static RawBsonDocument encoded(BsonDocument document) {
        try {
            return new RawBsonDocument(document, new BsonDocumentCodec());
        } catch (BsonSerializationException e) {
            throw tooLarge("it is nested too deep");
        }
    }

    Reason reason() {
        return reason;
    }
}
