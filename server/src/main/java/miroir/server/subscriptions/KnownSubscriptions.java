package miroir.server.subscriptions;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import miroir.index.Refusal;
import miroir.storage.ledger.LeasedDocuments;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/** What administrators see of subscriptions, and do about them; whichever server delivers them. */
public final class KnownSubscriptions {
    /** How the words begin of a receiver that answers with a status that is no success. */
    public static final String ANSWERS = "the receiver answers with ";

    /** How those begin of one that does not answer. */
    public static final String UNREACHABLE = "the receiver cannot be reached or does not answer";

    /** More are on no page and in no metrics. */
    public static final int MOST = 500;

    private final FindSubscriptions find;
    private final LeasedDocuments progress;
    private final ChangeStatus status;
    private final SealedSecrets secrets;
    private final InstantSource clock;

    KnownSubscriptions(
            FindSubscriptions find,
            LeasedDocuments progress,
            ChangeStatus status,
            SealedSecrets secrets,
            InstantSource clock) {
        this.secrets = secrets;
        this.find = find;
        this.progress = progress;
        this.status = status;
        this.clock = clock;
    }

    /**
     * A subscription and how it stands.
     *
     * @param version of the resource
     * @param status in R4's words
     * @param receiver where it is sent to, without what may be a secret in the URL
     * @param isApproved whether somebody has agreed to its terms
     * @param isDelivered whether a server has it at the moment
     * @param waiting how many changes were read and not taken; there may be more behind them
     * @param oldest when the first of them was committed; null: there is none
     * @param told up to when everything was told; null: it was not begun
     * @param taken how many changes were taken
     * @param failed how many attempts were in vain
     * @param failingSince since when something fails; null: nothing does
     * @param lastError why it ended in error, or what went wrong last; an empty text: nothing did
     */
    public record Known(
            String id,
            long version,
            String status,
            String criteria,
            String receiver,
            String owner,
            boolean isApproved,
            boolean isDelivered,
            int waiting,
            @Nullable Instant oldest,
            @Nullable Instant told,
            long taken,
            long failed,
            @Nullable Instant failingSince,
            String lastError) {}

    /** All of them, in the order of their creation. */
    public List<Known> all() {
        Map<String, BsonDocument> documents = new HashMap<>();
        progress.all()
                .forEach(document -> documents.put(document.getString("_id").getValue(), document));
        return find.all(MOST).stream()
                .map(each -> known(each, documents.get(each.id())))
                .toList();
    }

    /** One of them. */
    public Known one(String id) {
        return known(require(id), progress.find(id).orElse(null));
    }

    /** Says that somebody agreed to it as it was seen, and has it delivered. */
    public void approve(String id, long version) {
        status.approve(seen(id, version));
    }

    /** Has it delivered no more until somebody wants it again. */
    public void pause(String id) {
        Subscribed known = require(id);
        if (known.status() == Status.OFF) {
            throw new Refusal(Refusal.Reason.CONFLICT, known.key() + " is off already");
        }
        status.pause(known);
    }

    /** Has it go on where it stopped. */
    public void resume(String id) {
        Subscribed known = require(id);
        if (known.isActive()) {
            throw new Refusal(Refusal.Reason.CONFLICT, known.key() + " is active already");
        }
        if (!secrets.isAgreedTo(known)) {
            throw new Refusal(Refusal.Reason.CONFLICT, "nobody has agreed to " + known.key() + " yet: approve it");
        }
        status.approve(known);
    }

    private Subscribed seen(String id, long version) {
        Subscribed known = require(id);
        if (version != 0 && known.version() != version) {
            throw new Refusal(
                    Refusal.Reason.PRECONDITION_FAILED,
                    known.key()
                            + " was changed meanwhile, or the version in If-Match is not its own: look at it again");
        }
        return known;
    }

    private Subscribed require(String id) {
        return find.one(id)
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.NOT_FOUND, "there is no subscription \"" + Refusal.shown(id) + "\""));
    }

    private Known known(Subscribed subscribed, @Nullable BsonDocument document) {
        Progress far = document == null ? Progress.none() : Progress.of(document);
        return new Known(
                subscribed.id(),
                subscribed.version(),
                subscribed.status().code(),
                subscribed.criteria(),
                subscribed.endpoint().getScheme() + "://" + Receiver.authority(subscribed.endpoint()),
                subscribed.owner(),
                secrets.isAgreedTo(subscribed),
                document != null && isHeld(document),
                far.waiting(),
                far.oldest(),
                far.done() == null ? null : Objects.requireNonNull(far.done()).from(),
                far.taken(),
                far.failed(),
                far.failingSince(),
                subscribed.status() == Status.ERROR && !subscribed.error().isEmpty()
                        ? subscribed.error()
                        : far.lastError());
    }

    private boolean isHeld(BsonDocument document) {
        return document.containsKey("holder")
                && clock.millis() < document.getDateTime("until").getValue();
    }
}
