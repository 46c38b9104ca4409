package miroir.sync.move;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.structure.Structures;
import miroir.storage.MovedVersion;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Reads the line of a version. The resource is read from its own bytes, as strictly as one that is sent, but for its structure: what was stored once stays, also where a later
 * version of Miroir would not take it any more.
 */
final class VersionLineReader {
    /** The longest line: a document of MongoDB is half of that. */
    static final int MOST_BYTES = 32 << 20;

    private static final ResourceReader RESOURCES = new ResourceReader(
            Structures.r4(), new ReadLimits(MOST_BYTES, ReadLimits.standard().maxDepth()));
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MOST_BYTES)
                    .maxNumberLength(MOST_BYTES)
                    .build())
            .build();

    private static final Pattern FHIR_ID = Pattern.compile("[A-Za-z0-9\\-.]{1,64}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{32}");

    /** The years that FHIR writes. */
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

    private final String type;
    private final byte[] line;
    private final JsonParser parser;

    private String id = "";
    private long version;
    private @Nullable Instant from;
    private @Nullable Instant to;
    private long position = -1;
    private @Nullable String operation;
    private @Nullable String source;
    private @Nullable Instant sourceInstant;
    private @Nullable String hash;
    private boolean deleted;
    private boolean erased;
    private @Nullable RawBsonDocument resource;

    /** What is wrong with a line, in words. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wrong(String reason) {
            super(reason);
        }
    }

    private VersionLineReader(String type, byte[] line, JsonParser parser) {
        this.type = type;
        this.line = line;
        this.parser = parser;
    }

    /** The version that a line has. */
    static MovedVersion read(String type, byte[] line) {
        try (JsonParser parser = JSON.createParser(line)) {
            return new VersionLineReader(type, line, parser).read();
        } catch (JsonProcessingException e) {
            throw new Wrong("is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Refusal e) {
            throw new Wrong("has a resource that cannot be read: " + e.getMessage());
        }
    }

    private MovedVersion read() throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new Wrong("is not a JSON object");
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            take(name);
        }
        if (parser.nextToken() != null) {
            throw new Wrong("has something behind the end of its object");
        }
        return checked();
    }

    private void take(String name) throws IOException {
        switch (name) {
            case VersionLine.ID -> id = text(name);
            case VersionLine.VERSION -> version = number(name);
            case VersionLine.FROM -> from = instant(name);
            case VersionLine.TO -> to = instant(name);
            case VersionLine.POSITION -> position = number(name);
            case VersionLine.OPERATION -> operation = text(name);
            case VersionLine.SOURCE -> source = text(name);
            case VersionLine.SOURCE_INSTANT -> sourceInstant = instant(name);
            case VersionLine.HASH -> hash = text(name);
            case VersionLine.DELETED -> deleted = flag(name);
            case VersionLine.ERASED -> erased = flag(name);
            case VersionLine.RESOURCE -> resource = resource();
            default -> throw new Wrong("has the unknown key " + name);
        }
    }

    private RawBsonDocument resource() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new Wrong("has a resource that is no object");
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int end = (int) parser.currentLocation().getByteOffset();
        return RESOURCES.readUnchecked(Arrays.copyOfRange(line, start, end));
    }

    private String text(String name) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new Wrong("has a " + name + " that is no text");
        }
        return parser.getText();
    }

    private long number(String name) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                || parser.getTextLength() > 18
                || parser.getLongValue() < 0) {
            throw new Wrong("has a " + name + " that is no whole number: " + parser.getText());
        }
        return parser.getLongValue();
    }

    private boolean flag(String name) {
        if (parser.currentToken() != JsonToken.VALUE_TRUE) {
            throw new Wrong("has a value other than true for " + name);
        }
        return true;
    }

    private Instant instant(String name) throws IOException {
        String text = text(name);
        try {
            Instant read = Instant.parse(text);
            boolean isOfOurs = !read.isBefore(FIRST) && read.isBefore(END);
            if (isOfOurs && read.truncatedTo(ChronoUnit.MILLIS).equals(read)) {
                return read;
            }
        } catch (DateTimeException e) {
            // Said below.
        }
        throw new Wrong(
                "has a " + name + " that is no instant with milliseconds, like 2026-11-30T09:00:00.120Z: " + text);
    }

    private MovedVersion checked() {
        require(FHIR_ID.matcher(id).matches(), "an id of letters, digits, - and .");
        require(version >= 1, "a version from 1 on");
        require(position >= 0, "a position");
        require(operation == null || operation.equals("POST") || operation.equals("PUT"), "POST or PUT as operation");
        require((source == null) == (sourceInstant == null), "both of source and sourceInstant, or none");
        require(hash == null || DIGEST.matcher(hash).matches(), "32 hexadecimal digits as hash");
        require((resource == null) == deleted, "either a resource or deleted");
        require(!deleted || (operation == null && hash == null), "no operation and no hash of what is deleted");
        require(!erased || deleted, "erased only of what is deleted");
        Instant began = from;
        if (began == null) {
            throw new Wrong("needs from");
        }
        require(to == null || !to.isBefore(began), "a 'to' that is not before from");
        RawBsonDocument fhir = resource;
        if (fhir != null) {
            checkResource(fhir);
        }
        return new MovedVersion(id, version, began, to, position, operation, source, sourceInstant, hash, erased, fhir);
    }

    private void checkResource(RawBsonDocument fhir) {
        require(hasText(fhir.get("resourceType"), type), "a resource of type " + type);
        require(hasText(fhir.get("id"), id), "a resource with the id " + id);
        BsonValue meta = fhir.get("meta");
        require(
                meta != null
                        && meta.isDocument()
                        && hasText(meta.asDocument().get("versionId"), String.valueOf(version)),
                "a resource with meta.versionId " + version);
    }

    private static boolean hasText(@Nullable BsonValue value, String text) {
        return value != null && value.isString() && value.asString().getValue().equals(text);
    }

    private static void require(boolean holds, String needed) {
        if (!holds) {
            throw new Wrong("needs " + needed);
        }
    }
}
