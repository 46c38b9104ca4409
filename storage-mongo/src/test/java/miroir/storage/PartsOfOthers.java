package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** Organizations that are parts of others, and who writes and deletes them at once, of whom one may lose. */
final class PartsOfOthers {
    private static final Caller EVERYONE = Caller.everyone();

    private PartsOfOthers() {}

    /** What is done by a store, or within a transaction of it. */
    interface Work {
        void on(ResourceStore store);
    }

    /** Whether it happened; who loses is told of a conflict and of nothing else. */
    static Callable<Boolean> attempt(MongoResourceStore by, boolean inTransaction, Work work) {
        return () -> {
            try {
                if (inTransaction) {
                    inTransaction(by, work);
                } else {
                    work.on(by);
                }
                return true;
            } catch (Refusal refused) {
                assertThat(refused.reason()).as(refused.getMessage()).isEqualTo(Refusal.Reason.CONFLICT);
                return false;
            }
        };
    }

    static void inTransaction(MongoResourceStore by, Work work) {
        by.inTransaction(Set.of("Organization"), Deadline.in(Duration.ofSeconds(20)), within -> {
            work.on(within);
            return true;
        });
    }

    static ResourceKey key(String id) {
        return new ResourceKey("Organization", id);
    }

    static void put(ResourceStore by, String id, @Nullable String partOf) {
        put(by, id, partOf, "n");
    }

    static void put(ResourceStore by, String id, @Nullable String partOf, String name) {
        by.put(EVERYONE, key(id), organization(id, partOf, name), Precondition.none());
    }

    static RawBsonDocument organization(String id, @Nullable String partOf, String name) {
        String reference = partOf == null ? "" : ", partOf: {reference: '" + partOf + "'}";
        return RawBsonDocument.parse(
                "{resourceType: 'Organization', id: '" + id + "', name: '" + name + "'" + reference + "}");
    }

    static void delete(ResourceStore by, String id) {
        by.delete(EVERYONE, key(id), Precondition.none());
    }

    static boolean isLive(ResourceStore by, String id) {
        Optional<ResourceVersion> found = by.read(EVERYONE, key(id));
        return found.isPresent() && found.get() instanceof ResourceVersion.Live;
    }
}
