package miroir.storage;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.function.ToLongFunction;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.SearchFields;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonType;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.io.BasicOutputBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the documents of versions: of content, with the search fields of one number of what is searched, of deletions, and of either in history. */
final class VersionDocuments {
    private static final Logger LOG = LoggerFactory.getLogger(VersionDocuments.class);
    private static final DateTimeFormatter LAST_UPDATED = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx");

    /** MongoDB's limit, less what the id and {@code to} add to the document when it moves to history. */
    private static final int LARGEST = 16 * 1024 * 1024 - 1024;

    private final SearchFields searchFields;
    private final ZoneId zone;
    private final long number;
    private final ToLongFunction<String> fieldsOf;

    /**
     * By one number of what is searched.
     *
     * @param fieldsOf in which number the fields of a type became what they are
     */
    VersionDocuments(SearchFields searchFields, ZoneId zone, long number, ToLongFunction<String> fieldsOf) {
        this.searchFields = searchFields;
        this.zone = zone;
        this.number = number;
        this.fieldsOf = fieldsOf;
    }

    /** Of what is searched. */
    long number() {
        return number;
    }

    RawBsonDocument live(NewVersion version) {
        ResourceKey key = version.key();
        Instant from = version.from();
        RawBsonDocument fhir = version.content().complete(version.version(), LAST_UPDATED.format(from.atZone(zone)));
        BsonDocument document = new BsonDocument(StoredFields.ID, new BsonString(key.id()))
                .append(StoredFields.POSITION, new BsonInt64(version.position()))
                .append(StoredFields.VERSION, new BsonInt64(version.version()))
                .append(StoredFields.FROM, new BsonDateTime(from.toEpochMilli()))
                .append(StoredFields.GENERATION, new BsonInt64(fieldsNumber(key.type())))
                .append(StoredFields.HASH, version.content().hash());
        String operation = Origins.operation(version.origin(), version.version());
        if (operation != null) {
            document.append(StoredFields.OPERATION, new BsonString(operation));
        }
        Ownership mirrored = version.mirrored();
        if (mirrored != null) {
            document.append(StoredFields.SOURCE, new BsonString(mirrored.source()));
            document.append(
                    StoredFields.UPSTREAM, new BsonDateTime(mirrored.up().toEpochMilli()));
        }
        document.append(StoredFields.FHIR, fhir);
        document.putAll(searchFields.extract(key, from, fhir));
        return checked(key, document);
    }

    /** What a version is found by. */
    BsonDocument fieldsOf(ResourceKey key, Instant from, RawBsonDocument fhir) {
        BsonDocument fields = new BsonDocument();
        fields.putAll(searchFields.extract(key, from, fhir));
        return fields;
    }

    /** Of the search fields that a version of this type gets. */
    long fieldsNumber(String type) {
        return fieldsOf.applyAsLong(type);
    }

    /** Whether the search fields of a version are older than those that it would get. Newer ones are those of somebody who is ahead. */
    boolean isBehind(StoredVersion version) {
        return version.isLive()
                && !FieldsNumber.isAtLeast(
                        FieldsNumber.of(version.document()),
                        fieldsNumber(version.version().key().type()));
    }

    /** The same live version with the search fields that it would get now. */
    private RawBsonDocument refreshed(StoredVersion live) {
        BsonDocument document = new BsonDocument();
        live.document().forEach((name, value) -> {
            if (!name.startsWith("t_")) {
                document.append(name, value);
            }
        });
        ResourceKey key = live.version().key();
        document.put(StoredFields.GENERATION, new BsonInt64(fieldsNumber(key.type())));
        RawBsonDocument fhir = ((ResourceVersion.Live) live.version()).fhir();
        document.putAll(searchFields.extract(key, live.version().from(), fhir));
        return checked(key, document);
    }

    /** The update that gives a stored live version its search fields of now, and leaves everything else as it is. */
    BsonDocument changeOfFields(StoredVersion live) {
        BsonDocument set = new BsonDocument();
        refreshed(live).forEach((name, value) -> {
            if (name.startsWith("t_") || name.equals(StoredFields.GENERATION)) {
                set.append(name, value);
            }
        });
        BsonDocument unset = new BsonDocument();
        live.document().keySet().stream()
                .filter(name -> name.startsWith("t_") && !set.containsKey(name))
                .forEach(name -> unset.append(name, BsonBoolean.TRUE));
        BsonDocument change = new BsonDocument("$set", set);
        return unset.isEmpty() ? change : change.append("$unset", unset);
    }

    /**
     * A version as it is to be kept: with the search fields of now, or as it is where it has newer ones, or where they cannot be made
     * or do not fit.
     */
    StoredVersion upToDate(StoredVersion version) {
        if (!isBehind(version)) {
            return version;
        }
        try {
            return StoredVersion.of(version.version().key(), refreshed(version));
        } catch (RuntimeException e) {
            LOG.warn("{} keeps its search fields", version.version().key(), e);
            return version;
        }
    }

    static RawBsonDocument deletion(ResourceKey key, long position, long version, Instant from) {
        return raw(deleted(key, position, version, from));
    }

    /**
     * The deletion of a mirrored resource. It keeps the owner's instant of what was deleted: should the owner bring the same
     * back, it is not older than what is here.
     */
    static RawBsonDocument removal(StoredVersion before, Ownership mirrored, Instant from) {
        ResourceVersion version = before.version();
        return raw(deleted(version.key(), before.position(), version.version() + 1, from)
                .append(StoredFields.SOURCE_KEPT, new BsonString(mirrored.source()))
                .append(StoredFields.UPSTREAM, new BsonDateTime(mirrored.up().toEpochMilli())));
    }

    /** What is left of a resource: a deletion that says why. */
    static RawBsonDocument erasure(ResourceKey key, long position, long version, Instant from) {
        return raw(deleted(key, position, version, from).append(StoredFields.ERASED, BsonBoolean.TRUE));
    }

    private static BsonDocument deleted(ResourceKey key, long position, long version, Instant from) {
        return new BsonDocument(StoredFields.ID, new BsonString(key.id()))
                .append(StoredFields.VERSION, new BsonInt64(version))
                .append(StoredFields.FROM, new BsonDateTime(from.toEpochMilli()))
                .append(StoredFields.DELETED, BsonBoolean.TRUE)
                .append(StoredFields.POSITION_KEPT, new BsonInt64(position));
    }

    /** The same version under the id that it has in history; nothing of it is decoded, so it costs its bytes. */
    static RawBsonDocument superseded(StoredVersion version) {
        ElementCursor cursor = new ElementCursor(version.document());
        RawBsonDocument id = raw(
                HistoryIds.of(version.version().key().id(), version.version().version()));
        try (BasicOutputBuffer whole = new BasicOutputBuffer(cursor.documentEnd() - cursor.documentStart() + 128)) {
            whole.writeInt32(0);
            whole.writeByte(BsonType.DOCUMENT.getValue());
            whole.writeCString(StoredFields.ID);
            whole.writeBytes(id.getByteBuffer().array(), 0, id.getByteBuffer().remaining());
            while (cursor.next()) {
                if (!cursor.name().equals(StoredFields.ID)) {
                    whole.writeBytes(cursor.array(), cursor.start(), cursor.end() - cursor.start());
                }
            }
            whole.writeByte(0);
            whole.writeInt32(0, whole.getPosition());
            return new RawBsonDocument(whole.getInternalBuffer(), 0, whole.getSize());
        }
    }

    static RawBsonDocument checked(ResourceKey key, BsonDocument document) {
        RawBsonDocument raw = raw(document);
        int size = raw.getByteBuffer().remaining();
        if (size > LARGEST) {
            throw new Refusal(
                    Refusal.Reason.TOO_LARGE,
                    key + " needs " + size + " bytes with its search fields; at most " + LARGEST + " are stored");
        }
        return raw;
    }

    private static RawBsonDocument raw(BsonDocument document) {
        return new RawBsonDocument(document, new BsonDocumentCodec());
    }
}
