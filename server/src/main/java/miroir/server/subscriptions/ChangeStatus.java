package miroir.server.subscriptions;

import miroir.index.Refusal;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/** What the server writes of subscriptions by itself, and for administrators. Each is a version of the resource, as if somebody had put it. */
final class ChangeStatus {
    private static final int LONGEST_ERROR = 500;

    private final ResourceStore store;
    private final SealedSecrets secrets;

    ChangeStatus(ResourceStore store, SealedSecrets secrets) {
        this.store = store;
        this.secrets = secrets;
    }

    /** Ends it in error, unless somebody changed it meanwhile. */
    void fail(Subscribed subscribed, String why) {
        String told = why.length() <= LONGEST_ERROR ? why : why.substring(0, LONGEST_ERROR) + "…";
        write(subscribed, Status.ERROR, subscribed.approved(), told);
    }

    /** Ends it because its time is over. */
    void end(Subscribed subscribed) {
        write(subscribed, Status.OFF, subscribed.approved(), null);
    }

    /** Says that somebody agreed to it as it is, and has it delivered. */
    void approve(Subscribed subscribed) {
        write(subscribed, Status.ACTIVE, secrets.consent(subscribed, subscribed.owner()), null);
    }

    /** Has it delivered no more, until somebody wants it again. */
    void pause(Subscribed subscribed) {
        write(subscribed, Status.OFF, subscribed.approved(), null);
    }

    private void write(Subscribed subscribed, Status status, String approved, @Nullable String error) {
        BsonDocument resource = current(subscribed).fhir().decode(new BsonDocumentCodec());
        resource.put("status", new BsonString(status.code()));
        if (error == null) {
            resource.remove("error");
        } else {
            resource.put("error", new BsonString(error));
        }
        Ours.set(resource, ReadSubscription.APPROVED, approved);
        store.put(
                ByServer.CALLER,
                subscribed.key(),
                new RawBsonDocument(resource, new BsonDocumentCodec()),
                Precondition.versionIs(subscribed.version()));
    }

    private ResourceVersion.Live current(Subscribed subscribed) {
        ResourceKey key = subscribed.key();
        return store.read(ByServer.CALLER, key)
                .filter(ResourceVersion.Live.class::isInstance)
                .map(ResourceVersion.Live.class::cast)
                .filter(live -> live.version() == subscribed.version())
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.PRECONDITION_FAILED, key + " was changed meanwhile: look at it again"));
    }
}
