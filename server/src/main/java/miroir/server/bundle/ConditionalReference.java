package miroir.server.bundle;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.BsonBinaryReader;
import org.bson.BsonReader;
import org.bson.BsonType;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A reference by criteria: {@code Practitioner?identifier=1}.
 *
 * @param query behind the question mark
 */
public record ConditionalReference(String type, String query) {
    private static final Pattern FORM = Pattern.compile("([A-Z][A-Za-z]+)\\?(.+)");

    /** Empty where the reference is another one. */
    public static Optional<ConditionalReference> of(String reference) {
        Matcher matcher = FORM.matcher(reference);
        return matcher.matches()
                ? Optional.of(new ConditionalReference(matcher.group(1), matcher.group(2)))
                : Optional.empty();
    }

    /**
     * Whether a resource may have one: a text that is called like a reference and looks like one. What elements are is left to who
     * writes it.
     */
    static boolean isIn(@Nullable RawBsonDocument resource) {
        if (resource == null) {
            return false;
        }
        try (BsonBinaryReader reader =
                new BsonBinaryReader(resource.getByteBuffer().asNIO())) {
            return isInDocument(reader);
        }
    }

    private static boolean isInDocument(BsonReader reader) {
        reader.readStartDocument();
        while (reader.readBsonType() != BsonType.END_OF_DOCUMENT) {
            if (isInValue(reader, reader.readName())) {
                return true;
            }
        }
        reader.readEndDocument();
        return false;
    }

    private static boolean isInArray(BsonReader reader) {
        reader.readStartArray();
        while (reader.readBsonType() != BsonType.END_OF_DOCUMENT) {
            if (isInValue(reader, "")) {
                return true;
            }
        }
        reader.readEndArray();
        return false;
    }

    private static boolean isInValue(BsonReader reader, String name) {
        return switch (reader.getCurrentBsonType()) {
            case DOCUMENT -> isInDocument(reader);
            case ARRAY -> isInArray(reader);
            case STRING -> name.equals("reference") ? of(reader.readString()).isPresent() : skipped(reader);
            default -> skipped(reader);
        };
    }

    private static boolean skipped(BsonReader reader) {
        reader.skipValue();
        return false;
    }
}
