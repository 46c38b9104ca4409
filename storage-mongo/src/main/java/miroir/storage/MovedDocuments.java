package miroir.storage;

import java.util.HexFormat;
import miroir.index.store.ResourceKey;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the documents of versions that come from another database: what was stored there, and the search fields of this one. The content
 * has its version and instant already; the hash is the one that was stored, for the same number can be written in two ways that are text of one.
 */
final class MovedDocuments {
    private static final Logger LOG = LoggerFactory.getLogger(MovedDocuments.class);

    private final VersionDocuments documents;

    MovedDocuments(VersionDocuments documents) {
        this.documents = documents;
    }

    /**
     * A version's document.
     *
     * @param isFound false where it has no search fields, because they cannot be made or do not fit
     */
    record Made(RawBsonDocument document, boolean isFound) {}

    Made of(String type, MovedVersion version) {
        BsonDocument document = version.fhir() == null ? deletion(version) : live(version, version.fhir());
        owner(document, version);
        ResourceKey key = new ResourceKey(type, version.id());
        RawBsonDocument fhir = version.fhir();
        if (fhir == null) {
            return new Made(VersionDocuments.checked(key, end(document, version)), true);
        }
        end(document, version).append(StoredFields.FHIR, fhir);
        try {
            BsonDocument found = new BsonDocument();
            found.putAll(document);
            found.append(StoredFields.GENERATION, new BsonInt64(documents.fieldsNumber(type)));
            found.putAll(documents.fieldsOf(key, version.from(), fhir));
            return new Made(VersionDocuments.checked(key, found), true);
        } catch (RuntimeException e) {
            LOG.warn(
                    "{} version {} is stored, and cannot be found by what it says: {}",
                    key,
                    version.version(),
                    e.toString());
            return new Made(VersionDocuments.checked(key, document), false);
        }
    }

    private static BsonDocument begun(MovedVersion version) {
        return new BsonDocument(
                StoredFields.ID,
                version.to() == null ? new BsonString(version.id()) : HistoryIds.of(version.id(), version.version()));
    }

    private static BsonDocument live(MovedVersion version, RawBsonDocument fhir) {
        BsonDocument document = begun(version)
                .append(StoredFields.POSITION, new BsonInt64(version.position()))
                .append(StoredFields.VERSION, new BsonInt64(version.version()))
                .append(StoredFields.FROM, new BsonDateTime(version.from().toEpochMilli()))
                .append(StoredFields.HASH, hash(version, fhir));
        if (version.operation() != null) {
            document.append(StoredFields.OPERATION, new BsonString(version.operation()));
        }
        return document;
    }

    private static BsonBinary hash(MovedVersion version, RawBsonDocument fhir) {
        String hash = version.hash();
        return hash == null
                ? new Content(fhir).hash()
                : new BsonBinary(HexFormat.of().parseHex(hash));
    }

    private static BsonDocument deletion(MovedVersion version) {
        BsonDocument document = begun(version)
                .append(StoredFields.VERSION, new BsonInt64(version.version()))
                .append(StoredFields.FROM, new BsonDateTime(version.from().toEpochMilli()))
                .append(StoredFields.DELETED, BsonBoolean.TRUE)
                .append(StoredFields.POSITION_KEPT, new BsonInt64(version.position()));
        return version.erased() ? document.append(StoredFields.ERASED, BsonBoolean.TRUE) : document;
    }

    private static void owner(BsonDocument document, MovedVersion version) {
        if (version.source() != null) {
            document.append(
                    version.fhir() == null ? StoredFields.SOURCE_KEPT : StoredFields.SOURCE,
                    new BsonString(version.source()));
        }
        if (version.sourceInstant() != null) {
            document.append(
                    StoredFields.UPSTREAM,
                    new BsonDateTime(version.sourceInstant().toEpochMilli()));
        }
    }

    private static BsonDocument end(BsonDocument document, MovedVersion version) {
        return version.to() == null
                ? document
                : document.append(StoredFields.TO, new BsonDateTime(version.to().toEpochMilli()));
    }
}
