package miroir.storage;

import miroir.index.store.HistoryPosition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import org.bson.RawBsonDocument;

/**
 * A version that was met in current or in history.
 *
 * @param isEndMissing whether history has it and does not say until when it held
 */
record FoundVersion(ResourceVersion version, boolean isEndMissing) {

    static FoundVersion inCurrent(String type, RawBsonDocument document) {
        String id = document.getString(StoredFields.ID).getValue();
        return new FoundVersion(
                StoredVersion.of(new ResourceKey(type, id), document).version(), false);
    }

    static FoundVersion inHistory(String type, RawBsonDocument document) {
        ResourceKey key = new ResourceKey(type, HistoryIds.resource(document));
        return new FoundVersion(StoredVersion.of(key, document).version(), !document.containsKey(StoredFields.TO));
    }

    HistoryPosition position() {
        return HistoryPosition.of(version);
    }
}
