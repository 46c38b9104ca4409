package miroir.storage;

import java.util.ArrayList;
import java.util.List;
import miroir.index.search.Order;
import miroir.index.store.PagePosition;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/**
 * A part of an order, as a filter, and the keys that are left to sort it by.
 *
 * <p>The problem: FHIR wants what lacks a key last, up and down; MongoDB sorts it first where the key rises. And a page after
 * another begins at a place in the order, which is a comparison of several fields in turn: as one filter it has alternatives,
 * and MongoDB would go through the whole index to test them.
 *
 * <p>The approach: the order is cut where one comparison ends and the next begins. By family name after Martin, 17: first the
 * Martins after 17, then whoever comes after Martin, then those without a name. Each stretch is one range of the index on the
 * first key, in the order of MongoDB itself, so it is read as far as it is needed and no further. With several keys a stretch
 * may have more than one of them left, and in it those who lack the second must be moved: such a stretch is sorted by a
 * pipeline, see {@link FindInOrder}. Where no index has the first key all is sorted so, and one stretch is enough.
 *
 * @param filter what stands in it
 * @param keys by which it is sorted, and by position after that
 */
record Stretch(BsonDocument filter, List<Order.Key> keys) {

    /** All of an order after a place in it, stretch after stretch. */
    static List<Stretch> of(Order order, @Nullable PagePosition after) {
        List<Stretch> stretches = new ArrayList<>();
        Cut cut = new Cut(order, stretches);
        if (after == null) {
            cut.everything(List.of(), 0);
        } else {
            cut.after(after);
        }
        return order.isMade() ? List.of(together(stretches, order)) : stretches;
    }

    private static Stretch together(List<Stretch> stretches, Order order) {
        BsonArray any = new BsonArray();
        stretches.forEach(stretch -> any.add(stretch.filter()));
        return new Stretch(new BsonDocument("$or", any), order.keys());
    }

    /** What of it meets this as well. */
    Stretch and(Bson also) {
        return new Stretch(new BsonDocument("$and", new BsonArray(List.of(filter, also.toBsonDocument()))), keys);
    }

    /** Cuts one order. */
    private record Cut(Order order, List<Stretch> stretches) {

        /** What meets the filters, by the keys from this one on. */
        void everything(List<BsonDocument> filters, int from) {
            if (from == order.keys().size()) {
                add(filters, positioned(), from);
                return;
            }
            Order.Key key = order.keys().get(from);
            if (order.backward()) {
                missing(key, filters, from);
            }
            add(filters, present(key), from);
            if (!order.backward()) {
                missing(key, filters, from);
            }
        }

        /** What has the same keys and a later position; then what has all the same but the last and comes after in that; and so on. */
        void after(PagePosition position) {
            List<BsonDocument> same = new ArrayList<>();
            for (int i = 0; i < order.keys().size(); i++) {
                same.add(equal(order.keys().get(i), position.keys().get(i)));
            }
            add(same, beyond(position.position()), order.keys().size());
            for (int i = order.keys().size() - 1; i >= 0; i--) {
                after(position.keys().get(i), same.subList(0, i), i);
            }
        }

        private void after(BsonValue value, List<BsonDocument> same, int at) {
            Order.Key key = order.keys().get(at);
            if (!value.isNull()) {
                add(same, compared(key, isFalling(key) ? "$lt" : "$gt", value), at);
                if (!order.backward()) {
                    missing(key, same, at);
                }
            } else if (order.backward()) {
                add(same, present(key), at);
            }
        }

        private void missing(Order.Key key, List<BsonDocument> filters, int at) {
            if (!key.isAlwaysThere()) {
                List<BsonDocument> lacking = new ArrayList<>(filters);
                lacking.add(absent(key));
                everything(lacking, at + 1);
            }
        }

        private void add(List<BsonDocument> filters, BsonDocument last, int sortedFrom) {
            BsonArray all = new BsonArray(filters);
            all.add(last);
            if (!order.keys().isEmpty()) {
                all.add(positioned());
            }
            stretches.add(new Stretch(
                    all.size() == 1 ? last : new BsonDocument("$and", all),
                    order.keys().subList(sortedFrom, order.keys().size())));
        }

        private boolean isFalling(Order.Key key) {
            return key.descending() != order.backward();
        }

        private BsonDocument beyond(long position) {
            return compared(
                    StoredFields.POSITION, order.isPositionDescending() ? "$lt" : "$gt", new BsonInt64(position));
        }
    }

    /** A deletion has no position, so it is never met. */
    private static BsonDocument positioned() {
        return compared(StoredFields.POSITION, "$gt", new BsonInt64(0));
    }

    /** The lowest value of its kind, which has the index begin behind what lacks the key. */
    private static BsonDocument present(Order.Key key) {
        BsonValue lowest =
                key.kind() == Order.Kind.TEXT ? new BsonString("") : new BsonDecimal128(Decimal128.NEGATIVE_INFINITY);
        return compared(key, "$gte", lowest);
    }

    private static BsonDocument absent(Order.Key key) {
        return compared(key, "$exists", BsonBoolean.FALSE);
    }

    private static BsonDocument equal(Order.Key key, BsonValue value) {
        return value.isNull() ? absent(key) : compared(key, "$eq", value);
    }

    private static BsonDocument compared(Order.Key key, String operator, BsonValue value) {
        return compared(key.field(), operator, value);
    }

    private static BsonDocument compared(String field, String operator, BsonValue value) {
        return new BsonDocument(field, new BsonDocument(operator, value));
    }
}
