package miroir.storage;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import miroir.index.store.Deadline;
import miroir.index.store.HeldPage;
import miroir.index.store.HeldQuery;
import miroir.index.store.Page;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * All resources of a type as they were at a settled instant T, stretch after stretch in the order of creation.
 *
 * <p>The problem: who takes along a million resources wants them as fast as they can be read, and as of one moment, while others write. {@link MatchesAsAt} answers any search so, and
 * therefore looks for places first and for content after that, by ids, a hundred at a time; and it asks for each page how much has changed in all.
 *
 * <p>The approach: without a condition and in the order of positions, content can be read at once. A stretch is read from current, whatever version is there, and what is newer than T
 * is left out; it ends after as many documents as are asked for, or some megabytes. Then the same stretch of positions is read from history: what held at T. A version that left current before it
 * was read there was put into history before that, so it is met on one side at least; what was met on both is one resource at one position. A deletion has left its position, so
 * it is in history alone. Where history fills the stretch first, the stretch ends there, and what current had beyond it is read again with the next one.
 *
 * <p>History is asked twice, first for what does not say until when it held, then for what held until later than T. A version that is told its end meanwhile goes from the one to the other, so it is met in
 * one of them. Asked for both at once, the database goes through them side by side, one ahead of the other, and lets others write in between: what goes over then is met in neither.
 *
 * <p>The cost: a find in current and two in history, which meet a few keys where little has changed. No cursor outlives a stretch: whoever takes what was read may be slow, and
 * the database forgets who does not come back.
 *
 * <p>Of what was erased nothing is shown: the mark in current is there before history is emptied, so it is looked for with every version that comes from history.
 */
final class SelectHeld {
    private static final BsonDocument POSITIONS =
            TypeIndexes.ofPositions().get(0).keys();
    private static final BsonDocument POSITIONS_IN_HISTORY =
            TypeIndexes.ofPositionsInHistory().get(0).keys();
    private static final Bson IN_ORDER = Sorts.ascending(StoredFields.POSITION);
    private static final Bson IN_HISTORY = Projections.fields(SelectPage.SHOWN, Projections.include(StoredFields.TO));

    private final StoreDatabase database;
    private final FindEnd findEnd;
    private final int atOnce;

    /** With stretches of so many. */
    SelectHeld(StoreDatabase database, int atOnce) {
        this.atOnce = atOnce;
        this.database = database;
        this.findEnd = new FindEnd(database);
    }

    /** What was read, and the position up to which that is all. */
    private record Stretch(List<RawBsonDocument> documents, long reached) {}

    HeldPage run(HeldQuery query) {
        return run(query.type(), query.asOf(), query.after(), query.upTo(), query.deadline());
    }

    /** The next after a position, none of them beyond another one. */
    HeldPage run(String type, Instant asOf, long after, long upTo, Deadline deadline) {
        Stretch current = read(
                find(database.current(type), between(after, upTo), POSITIONS, deadline)
                        .projection(SelectPage.SHOWN)
                        .limit(atOnce),
                upTo);
        Stretch withoutEnd = history(type, asOf, after, current.reached(), HistoryBounds.WITHOUT_END, deadline);
        Stretch history = history(type, asOf, after, withoutEnd.reached(), HistoryBounds.endedAfter(asOf), deadline);
        NavigableMap<Long, ResourceVersion.Live> held = new TreeMap<>();
        superseded(type, asOf, withoutEnd.documents(), deadline).forEach(each -> held.put(each.position(), each));
        superseded(type, asOf, history.documents(), deadline).forEach(each -> held.put(each.position(), each));
        current.documents().stream()
                .map(document -> SelectPage.live(type, document))
                .filter(each -> !each.from().isAfter(asOf))
                .forEach(each -> held.put(each.position(), each));
        return new HeldPage(List.copyOf(held.headMap(history.reached(), true).values()), history.reached());
    }

    /** What was superseded of what began by then, and ended so. */
    private Stretch history(String type, Instant asOf, long after, long upTo, Bson ended, Deadline deadline) {
        Bson heldThen = Filters.and(between(after, upTo), notAfter(asOf), ended);
        return read(
                find(database.history(type), heldThen, POSITIONS_IN_HISTORY, deadline)
                        .projection(IN_HISTORY),
                upTo);
    }

    private static FindIterable<RawBsonDocument> find(
            MongoCollection<RawBsonDocument> collection, Bson filter, BsonDocument index, Deadline deadline) {
        return collection
                .find(filter)
                .sort(IN_ORDER)
                .hint(index)
                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS);
    }

    /** Several versions may stand at one position where history lacks their ends, and a stretch does not end between them. */
    private Stretch read(FindIterable<RawBsonDocument> found, long upTo) {
        List<RawBsonDocument> documents = new ArrayList<>();
        long bytes = 0;
        long last = 0;
        try (MongoCursor<RawBsonDocument> cursor = found.batchSize(atOnce + 1).iterator()) {
            while (cursor.hasNext()) {
                RawBsonDocument next = cursor.next();
                long position = next.getNumber(StoredFields.POSITION).longValue();
                if (position != last && (documents.size() >= atOnce || bytes > Page.MOST_BYTES)) {
                    return new Stretch(documents, last);
                }
                documents.add(next);
                bytes += next.getByteBuffer().remaining();
                last = position;
            }
        }
        return new Stretch(documents, documents.size() == atOnce ? last : upTo);
    }

    private List<ResourceVersion.Live> superseded(
            String type, Instant asOf, List<RawBsonDocument> documents, Deadline deadline) {
        List<ResourceVersion.Live> held = documents.stream()
                .filter(document -> findEnd.isAfter(asOf, key(type, document), document, deadline))
                .map(document -> live(type, document))
                .toList();
        if (held.isEmpty()) {
            return held;
        }
        Set<String> erased = new ReadHeld(database, type, deadline)
                .erased(held.stream().map(each -> each.key().id()).toList());
        return held.stream().filter(each -> !erased.contains(each.key().id())).toList();
    }

    private static ResourceVersion.Live live(String type, RawBsonDocument document) {
        return SelectPage.found(key(type, document), document);
    }

    private static ResourceKey key(String type, RawBsonDocument document) {
        return new ResourceKey(type, HistoryIds.ofEither(document).getValue());
    }

    private static Bson between(long after, long upTo) {
        return Filters.and(Filters.gt(StoredFields.POSITION, after), Filters.lte(StoredFields.POSITION, upTo));
    }

    private static Bson notAfter(Instant asOf) {
        return Filters.lte(StoredFields.FROM, HistoryBounds.floor(asOf));
    }
}
