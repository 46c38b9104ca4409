package miroir.server.export;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import miroir.index.Refusal;
import miroir.server.access.TooOften;
import miroir.server.configuration.ExportConfiguration;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.LeasedDocuments;
import miroir.storage.ledger.Ledger;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;

/** Exports in a collection of their own: what was asked, and how it is cut. Each has its lease in it, and vanishes by itself. */
final class KeptExports {
    static final String COLLECTION = "miroir_exports";

    private static final String WHO = "who";
    private static final String AT = "at";
    private static final String EXPIRES = "expires";
    private static final int ALL = 10_000;
    private static final long SECONDS_UNTIL_LESS = 60;

    private final Ledger ledger;
    private final LeasedDocuments exports;
    private final InstantSource clock;
    private final AtomicBoolean isPrepared = new AtomicBoolean();

    KeptExports(Ledger ledger, InstantSource clock) {
        this.ledger = ledger;
        this.exports = ledger.leased(COLLECTION);
        this.clock = clock;
    }

    /** Has what is over vanish. */
    void prepare() {
        if (!isPrepared.get()) {
            ledger.expireBy(COLLECTION, EXPIRES);
            isPrepared.set(true);
        }
    }

    /**
     * Writes one down, unless there are too many. It is counted after it is there, with those of others, so that of several who ask at the same time none is
     * let in who is one too many.
     */
    void begin(Export export, ExportConfiguration limits) {
        prepare();
        String who = export.asked().who();
        ledger.post(
                COLLECTION,
                export.toBson()
                        .append(WHO, new BsonString(who))
                        .append(AT, date(export.asked().at()))
                        .append(EXPIRES, date(export.asked().expires()))
                        .append("until", date(Instant.EPOCH))
                        .append("token", new BsonInt64(0)));
        try {
            requireFew(who, limits);
        } catch (Refusal | TooOften tooMany) {
            exports.drop(export.id());
            throw tooMany;
        }
    }

    private void requireFew(String who, ExportConfiguration limits) {
        List<BsonDocument> all =
                ledger.listWithout(List.of(Export.FILES, "asked"), COLLECTION, new BsonDocument(), AT, ALL).stream()
                        .filter(each -> each.getDateTime(EXPIRES).getValue()
                                > clock.instant().toEpochMilli())
                        .toList();
        long own = all.stream()
                .filter(each -> each.getString(WHO).getValue().equals(who))
                .count();
        if (own > limits.perConsumer()) {
            throw new TooOften(
                    "you have " + limits.perConsumer() + " exports already (export.perConsumer in server.yaml);"
                            + " DELETE those that you are done with, or wait until they expire",
                    SECONDS_UNTIL_LESS);
        }
        if (all.size() > limits.maximum()) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "there are " + limits.maximum() + " exports already (export.maximum in server.yaml)");
        }
    }

    /** One that is not over. */
    Optional<Export> find(String id) {
        Instant now = clock.instant();
        return exports.find(id).map(Export::of).filter(export -> !export.isOver(now));
    }

    /** Ends one, whatever is being done with it. */
    boolean drop(String id) {
        return exports.drop(id);
    }

    /** Those that are not cut yet, the oldest first. */
    List<String> waiting() {
        List<String> ids = new ArrayList<>(ledger
                .listWithout(
                        List.of(Export.FILES, "asked"),
                        COLLECTION,
                        new BsonDocument(Export.STATE, Export.State.CUTTING.bson()),
                        AT,
                        ALL)
                .stream()
                .map(each -> each.getString("_id").getValue())
                .toList());
        Collections.reverse(ids);
        return ids;
    }

    Optional<Lease> take(String id, String holder, Duration length) {
        return exports.takeKnown(id, holder, length);
    }

    Optional<Lease> keep(Lease lease, Duration length) {
        return exports.keep(lease, length);
    }

    void giveBack(Lease lease) {
        exports.giveBack(lease);
    }

    /** False where somebody else goes on with it, or it was ended. */
    boolean write(Lease lease, BsonDocument fields) {
        return exports.set(lease, fields);
    }

    private static BsonDateTime date(Instant instant) {
        return new BsonDateTime(instant.toEpochMilli());
    }
}
