package miroir.server.export;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.server.access.TooOften;
import miroir.server.configuration.ExportConfiguration;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.LeasedDocuments;
import miroir.storage.ledger.Ledger;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/** Exports in a collection of their own: what was asked, and how it is cut. Each has its lease in it, and vanishes by itself. */
final class KeptExports {
    static final String COLLECTION = "miroir_exports";

    static final String BY = "by";
    static final String HOLDER = "holder";
    static final String UNTIL = "until";

    private static final String AT = "at";
    private static final String EXPIRES = "expires";
    private static final int ALL = 10_000;

    /** What is told of one: nothing that who asks for it can make long, but for the URL. */
    private static final List<String> SHOWN = List.of(
            BY,
            Export.STATE,
            Export.PLACE,
            Export.MADE,
            Export.FAILURE,
            HOLDER,
            UNTIL,
            Export.ASKED + ".who",
            Export.ASKED + ".request",
            Export.ASKED + ".at",
            Export.ASKED + ".asOf",
            Export.ASKED + ".expires",
            Export.ASKED + ".types");

    private static final List<String> ENDS = List.of(Export.ASKED + ".asOf", Export.ASKED + ".expires");

    /** So many of somebody may come to nothing: they are kept, and shown. */
    private static final int MOST_FAILED = 100;

    private static final long SECONDS_UNTIL_LESS = 60;

    private static final BsonString FAILED = Export.State.FAILED.bson();

    private final Ledger ledger;
    private final LeasedDocuments exports;
    private final InstantSource clock;
    private final Duration expiry;
    private final AtomicBoolean isPrepared = new AtomicBoolean();

    /**
     * Those in a ledger.
     *
     * @param expiry how long after its instant one can be fetched at most: versions are not kept for longer, whatever was promised when it was asked for
     */
    KeptExports(Ledger ledger, InstantSource clock, Duration expiry) {
        this.expiry = expiry;
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
     * Writes one down, unless there are too many. It is counted after it is there, with those that were there before it by the clock of who wrote them: of several who ask for the last place at the same time
     * one has it. Those that came to nothing do not count, and are bounded apart.
     *
     * @param by who has so many: a consumer, or the network of who is none
     */
    void begin(Export export, String by, ExportConfiguration limits) {
        prepare();
        Instant now = clock.instant();
        ledger.post(
                COLLECTION,
                export.toBson()
                        .append(BY, new BsonString(by))
                        .append(AT, date(now))
                        .append(EXPIRES, date(export.asked().expires()))
                        .append(UNTIL, date(Instant.EPOCH))
                        .append("token", new BsonInt64(0)));
        try {
            requireFew(export.id(), now, by, limits);
        } catch (Refusal | TooOften tooMany) {
            exports.drop(export.id());
            throw tooMany;
        }
    }

    private void requireFew(String id, Instant now, String by, ExportConfiguration limits) {
        Map<Boolean, List<BsonDocument>> byFailure = listed(new BsonDocument()).stream()
                .filter(each -> each.getDateTime(EXPIRES).getValue() > now.toEpochMilli())
                .filter(each -> isBefore(each, now, id))
                .collect(Collectors.partitioningBy(KeptExports::isFailed));
        List<BsonDocument> before = Objects.requireNonNull(byFailure.get(false));
        if (count(Objects.requireNonNull(byFailure.get(true)), by) >= MOST_FAILED) {
            throw new TooOften(
                    MOST_FAILED + " of your exports came to nothing; DELETE them, or wait until they expire",
                    SECONDS_UNTIL_LESS);
        }
        if (count(before, by) >= limits.perConsumer()) {
            throw new TooOften(
                    "you have " + limits.perConsumer() + " exports already (export.perConsumer in server.yaml);"
                            + " DELETE those that you are done with, or wait until they expire",
                    SECONDS_UNTIL_LESS);
        }
        if (before.size() >= limits.maximum()) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "there are " + limits.maximum() + " exports already (export.maximum in server.yaml)");
        }
    }

    private static boolean isFailed(BsonDocument export) {
        return export.getString(Export.STATE).equals(FAILED);
    }

    private static long count(List<BsonDocument> exports, String by) {
        return exports.stream()
                .filter(each ->
                        each.getString(BY, new BsonString("")).getValue().equals(by))
                .count();
    }

    private static boolean isBefore(BsonDocument one, Instant now, String id) {
        int order = Long.compare(one.getDateTime(AT).getValue(), now.toEpochMilli());
        return order < 0 || (order == 0 && one.getString("_id").getValue().compareTo(id) < 0);
    }

    /** Without what may be long. */
    private List<BsonDocument> listed(BsonDocument which) {
        return ledger.listWithout(List.of(Export.FILES, Export.ASKED), COLLECTION, which, AT, ALL);
    }

    /** One that is not over. */
    Optional<Export> find(String id) {
        return exports.find(id).flatMap(this::known);
    }

    /** The same with no more of its files than the one of that name. */
    Optional<Export> withFile(String id, String name) {
        return exports.find(id, Export.onlyFile(name)).flatMap(this::known);
    }

    /** Whether it is there, was not ended, and is not over. */
    boolean has(String id) {
        return exports.find(id, Export.only(ENDS))
                .filter(found -> ends(found).isAfter(clock.instant()))
                .isPresent();
    }

    /** What is shown of the newest that are not over, and have not come to nothing. */
    List<BsonDocument> newest(int most) {
        return ledger.listOnly(SHOWN, COLLECTION, notOver(new BsonDocument("$ne", FAILED)), AT, most);
    }

    /** The same of those that came to nothing. */
    List<BsonDocument> newestFailed(int most) {
        return ledger.listOnly(SHOWN, COLLECTION, notOver(FAILED), AT, most);
    }

    /** Their states, of all that are not over. */
    List<BsonDocument> states() {
        BsonDocument any = new BsonDocument("$exists", BsonBoolean.TRUE);
        return ledger.listOnly(List.of(Export.STATE, HOLDER, UNTIL), COLLECTION, notOver(any), AT, ALL);
    }

    private BsonDocument notOver(BsonValue state) {
        Instant now = clock.instant();
        return new BsonDocument(Export.STATE, state)
                .append(EXPIRES, new BsonDocument("$gt", date(now)))
                .append(Export.ASKED + ".asOf", new BsonDocument("$gt", date(now.minus(expiry))));
    }

    /** When one ends, of which so much is known at least. */
    Instant ends(BsonDocument found) {
        BsonDocument asked = found.getDocument(Export.ASKED);
        long promised = asked.getDateTime("expires").getValue();
        long longest = asked.getDateTime("asOf").getValue() + expiry.toMillis();
        return Instant.ofEpochMilli(Math.min(promised, longest));
    }

    /** Those whose ids begin so. */
    List<String> beginning(String begin) {
        BsonDocument range =
                new BsonDocument("$gte", new BsonString(begin)).append("$lt", new BsonString(begin + '\uffff'));
        return listed(new BsonDocument("_id", range)).stream()
                .map(each -> each.getString("_id").getValue())
                .toList();
    }

    /** One that is not over, as it was found. */
    private Optional<Export> known(BsonDocument found) {
        Export export = Export.of(found);
        Export ending = export.endingBy(export.asked().asOf().plus(expiry));
        return ending.isOver(clock.instant()) ? Optional.empty() : Optional.of(ending);
    }

    /** Ends one, whatever is being done with it. */
    boolean drop(String id) {
        return exports.drop(id);
    }

    /** Those that are not cut yet, the oldest first. */
    List<String> waiting() {
        List<String> ids = new ArrayList<>(listed(new BsonDocument(Export.STATE, Export.State.CUTTING.bson())).stream()
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
