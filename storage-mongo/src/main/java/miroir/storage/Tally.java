package miroir.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import miroir.storage.Ingested.Why;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of a batch so far. */
final class Tally {
    private static final Logger LOG = LoggerFactory.getLogger(Tally.class);

    int created;
    private int updated;
    private int deactivated;
    int removed;
    int unchanged;
    private int older;
    private final List<String> disputed = new ArrayList<>();
    private final List<Ingested.Refused> refused = new ArrayList<>();

    boolean refuse(ResourceKey key, Why why, String reason) {
        refused.add(new Ingested.Refused(key, why, reason));
        return true;
    }

    void updated(boolean andDeactivated) {
        updated++;
        deactivated += andDeactivated ? 1 : 0;
    }

    boolean older(ResourceKey key, boolean sameContent) {
        older++;
        if (!sameContent) {
            disputed.add(key.id());
        }
        return true;
    }

    /** What cannot be stored is refused alone, whatever its search fields stumble over. */
    @Nullable
    RawBsonDocument orRefused(ResourceKey key, Supplier<RawBsonDocument> document) {
        try {
            return document.get();
        } catch (Refusal refusal) {
            refuse(key, Why.UNSTORABLE, String.valueOf(refusal.getMessage()));
            return null;
        } catch (RuntimeException e) {
            LOG.warn("the document of {} cannot be made", key, e);
            refuse(key, Why.UNSTORABLE, "its document cannot be made: " + e);
            return null;
        }
    }

    Ingested ingested() {
        return new Ingested(created, updated, deactivated, removed, unchanged, older, disputed, refused);
    }
}
