package miroir.storage;

import com.mongodb.ExplainVerbosity;
import com.mongodb.client.AggregateIterable;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import miroir.index.search.Order;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonMaxKey;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Reads one collection in an order, stretch by stretch ({@link Stretch}), as far as somebody goes on asking.
 *
 * <p>A stretch with one key left comes from MongoDB as it sorts: from the index on that key, or, where few documents are found by
 * another, sorted by it. With more keys, what lacks the second would come first among those with the same first. There a
 * pipeline puts the greatest of all values in its place and sorts by that. So that it need not sort the whole collection for
 * one page, it is first looked up how far the page reaches in the index of the first key: what is sorted is the page
 * and all that has the same first key as its last. Where half of a type has the same first key, that is half of the type: the
 * deadline bounds it.
 *
 * <p>A key that is not stored is made in the pipeline, of the values that searches go by; see docs/adr/0039-sorting-without-an-index.md.
 */
final class FindInOrder {
    private static final String SUBSTITUTE = "s";

    private FindInOrder() {}

    /**
     * What is read.
     *
     * @param filter beside what the order asks
     * @param index by which
     */
    record Source(
            MongoCollection<RawBsonDocument> collection, boolean isHistory, BsonDocument filter, BsonDocument index) {

        private BsonDocument filter(Stretch stretch) {
            BsonDocument within = within(stretch);
            return filter.isEmpty() ? within : new BsonDocument("$and", new BsonArray(List.of(filter, within)));
        }

        private BsonDocument within(Stretch stretch) {
            return isHistory ? RenderFilter.withHistoryIds(stretch.filter()) : stretch.filter();
        }

        private String name(Order.Key key) {
            return isHistory && key.isId() ? HistoryIds.RESOURCE : key.field();
        }
    }

    /** What a query wants of this source; its condition is not looked at. */
    static Matches run(Supplier<String> asked, Source source, MatchQuery query) {
        return new Stretches(asked, source, query);
    }

    /**
     * One find, which is one stretch of one source.
     *
     * @param limit at most so many; 0: all
     */
    record Find(Source source, MatchQuery query, Stretch stretch, int limit) {

        /** Whether MongoDB's own order is the one that is wanted. */
        private boolean isPlain() {
            return stretch.keys().size() <= 1 && query.order().keys().stream().noneMatch(Order.Key::isMade);
        }

        Matches run(Supplier<String> asked) {
            return Matches.of(asked, isPlain() ? find(source, query, stretch, limit) : sorted(this));
        }

        /** What MongoDB says of how it does that, having done it. */
        BsonDocument explained() {
            return isPlain()
                    ? find(source, query, stretch, limit).explain(BsonDocument.class, ExplainVerbosity.EXECUTION_STATS)
                    : sorted(this).explain(BsonDocument.class, ExplainVerbosity.EXECUTION_STATS);
        }
    }

    private static FindIterable<RawBsonDocument> find(Source source, MatchQuery query, Stretch stretch, int limit) {
        return source.collection()
                .find(source.filter(stretch))
                .projection(query.parts())
                .sort(query.ordered() ? sort(source, query.order(), stretch.keys()) : null)
                .hint(source.index())
                .limit(limit)
                .batchSize(limit)
                .maxTime(TimeLeft.millis(query.deadline()), TimeUnit.MILLISECONDS);
    }

    private static BsonDocument sort(Source source, Order order, List<Order.Key> keys) {
        BsonDocument sort = new BsonDocument();
        for (Order.Key key : keys) {
            sort.append(source.name(key), direction(key.descending() != order.backward()));
            if (key.isId()) {
                return sort;
            }
        }
        return sort.append(StoredFields.POSITION, direction(order.isPositionDescending()));
    }

    private static BsonInt32 direction(boolean falling) {
        return new BsonInt32(falling ? -1 : 1);
    }

    private static AggregateIterable<RawBsonDocument> sorted(Find find) {
        Source source = find.source();
        MatchQuery query = find.query();
        Stretch stretch = find.stretch();
        int limit = find.limit();
        List<Bson> stages = new ArrayList<>(select(find));
        stages.add(stage("$project", query.parts()));
        BsonDocument substitutes = new BsonDocument();
        BsonDocument sort = new BsonDocument();
        for (Order.Key key : stretch.keys()) {
            String name = SUBSTITUTE + substitutes.size();
            substitutes.append(
                    name,
                    new BsonDocument(
                            "$ifNull",
                            new BsonArray(List.of(new BsonString("$" + source.name(key)), new BsonMaxKey()))));
            sort.append(
                    key.descending() ? source.name(key) : name,
                    direction(key.descending() != query.order().backward()));
        }
        sort.append(StoredFields.POSITION, direction(query.order().isPositionDescending()));
        if (!substitutes.isEmpty()) {
            stages.add(stage("$set", substitutes));
        }
        stages.add(stage("$sort", sort));
        if (limit > 0) {
            stages.add(new BsonDocument("$limit", new BsonInt32(limit)));
        }
        return source.collection()
                .aggregate(stages)
                .hint(source.index())
                .allowDiskUse(true)
                .batchSize(Math.max(limit, 1))
                .maxTime(TimeLeft.millis(query.deadline()), TimeUnit.MILLISECONDS);
    }

    /** Keys that are not stored are made first, under the names that they would have. */
    private static List<Bson> select(Find find) {
        BsonDocument keys = new BsonDocument();
        for (Order.Key key : find.query().order().keys()) {
            if (key.isMade()) {
                keys.append(key.field(), OrderedPlaces.value(key));
            }
        }
        return keys.isEmpty()
                ? List.of(stage("$match", find.source().filter(find.stretch())))
                : List.of(
                        stage("$match", find.source().filter()),
                        stage("$set", keys),
                        stage("$match", find.source().within(find.stretch())));
    }

    private static Bson stage(String name, Bson content) {
        return new BsonDocument(name, content.toBsonDocument());
    }

    /** One source while it is read. */
    private static final class Stretches implements Matches {
        private final Supplier<String> asked;
        private final Source source;
        private final MatchQuery query;
        private final Deque<Stretch> stretches;
        private @Nullable Matches current;
        private int left;

        Stretches(Supplier<String> asked, Source source, MatchQuery query) {
            this.asked = asked;
            this.source = source;
            this.query = query;
            this.stretches = new ArrayDeque<>(Stretch.of(query.order(), query.after()));
            this.left = query.limit() == 0 ? Integer.MAX_VALUE : query.limit();
        }

        @Override
        public boolean hasNext() {
            while (left > 0 && (current == null || !current.hasNext()) && !stretches.isEmpty()) {
                close();
                current = open(stretches.remove());
            }
            return left > 0 && current != null && current.hasNext();
        }

        @Override
        public RawBsonDocument next() {
            if (!hasNext() || current == null) {
                throw new NoSuchElementException();
            }
            left--;
            return current.next();
        }

        private Matches open(Stretch next) {
            int limit = query.limit() == 0 ? 0 : left;
            Stretch stretch = next.keys().size() <= 1 ? next : reached(next, limit);
            Find find = new Find(source, query, stretch, limit);
            if (query.finds() != null) {
                query.finds().accept(find);
            }
            return find.run(asked);
        }

        /**
         * A stretch as far as so many reach by its first key, where that has the index by which they are read; what is beyond
         * comes next, should others have taken some away meanwhile.
         */
        private Stretch reached(Stretch stretch, int limit) {
            Order.Key first = stretch.keys().get(0);
            String name = source.name(first);
            if (limit == 0 || !source.index().getFirstKey().equals(name)) {
                return stretch;
            }
            RawBsonDocument last = Refusing.failures(
                    asked,
                    () -> find(source, query, new Stretch(stretch.filter(), List.of(first)), 1)
                            .projection(Projections.include(name))
                            .skip(limit - 1)
                            .first());
            if (last == null) {
                return stretch;
            }
            boolean falling = first.descending() != query.order().backward();
            BsonValue key = Objects.requireNonNull(last.get(name));
            stretches.addFirst(stretch.and(falling ? Filters.lt(first.field(), key) : Filters.gt(first.field(), key)));
            return stretch.and(falling ? Filters.gte(first.field(), key) : Filters.lte(first.field(), key));
        }

        @Override
        public void close() {
            if (current != null) {
                current.close();
            }
        }
    }
}
