package miroir.server.subscriptions;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceVersion;
import miroir.storage.VersionId;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** Makes of a change what is sent of it, by what the owner of the subscription may see at that moment. */
final class MakeNotification {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Engine engine;
    private final Subscribed subscribed;
    private final WriteNotification write;

    MakeNotification(Engine engine, Subscribed subscribed) {
        this.engine = engine;
        this.subscribed = subscribed;
        this.write = new WriteNotification(engine.secrets());
    }

    /** What is sent; null: there is nothing to be sent any more. */
    @Nullable
    Notification of(Told told, Caller owner) throws IOException {
        RawBsonDocument content = null;
        if (subscribed.hasPayload() && told.kind().hasContent()) {
            content = content(told, owner);
            if (content == null) {
                return null;
            }
        } else if (!isSeen(told, owner)) {
            return null;
        }
        return write.of(subscribed, told, content, Instant.now());
    }

    /** Null where it is not there any more, or the owner may not see it any more. */
    private @Nullable RawBsonDocument content(Told told, Caller owner) {
        ResourceVersion version = version(told, owner);
        return version instanceof ResourceVersion.Live live && (isPastSeen(told) || isCurrent(told, owner))
                ? live.fhir()
                : null;
    }

    private @Nullable ResourceVersion version(Told told, Caller caller) {
        return engine.store()
                .readVersion(caller, told.committed().key(), told.committed().version())
                .orElse(null);
    }

    private boolean isCurrent(Told told, Caller owner) {
        return engine.store()
                .read(owner, told.committed().key())
                .filter(current -> current.version() == told.committed().version())
                .isPresent();
    }

    /** Who has no right to histories is told of what is current; what came after it is told as well. */
    private boolean isPastSeen(Told told) {
        Caller historian = engine.owners().historian(subscribed.owner()).orElse(null);
        return historian != null
                && !historian.seen().of(subscribed.type()).isNone()
                && (historian.seen().of(subscribed.type()).isAll()
                        || version(told, historian) instanceof ResourceVersion.Live);
    }

    /** Whether the owner may still be told of what is sent without its content. */
    private boolean isSeen(Told told, Caller owner) {
        if (owner.seen().of(subscribed.type()).isAll()) {
            return true;
        }
        VersionId version = told.committed().id();
        return told.kind() != Told.Kind.DELETE
                && engine.store()
                        .meeting(owner, subscribed.type(), Condition.all(), Set.of(version), Deadline.in(PATIENCE))
                        .contains(version);
    }
}
