package miroir.storage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import miroir.index.search.Order;
import miroir.index.store.PagePosition;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Where documents stand in an order, and how two places compare: as MongoDB does, but that what lacks a key comes last.
 *
 * <p>When a version began is told by its field {@code from}, which stands before the content, and by a search field behind it that the index is on. MongoDB goes through a document as far
 * as it is asked for something: to the content for the one, through all search fields for the other, which for a page of 200 was a quarter of what it did. Where that is the only key, the index has the
 * order, and the place is told by {@code from}; with other keys MongoDB sorts by what was read, and so it has to be the search field.
 *
 * @param order whose places they are
 */
record OrderedPlaces(Order order) implements Comparator<PagePosition> {

    /** The place of a document that was read with {@link #parts}. */
    PagePosition of(RawBsonDocument document) {
        List<BsonValue> keys =
                order.keys().stream().map(key -> key(key, document)).toList();
        return new PagePosition(keys, document.getNumber(StoredFields.POSITION).longValue());
    }

    private BsonValue key(Order.Key key, RawBsonDocument document) {
        if (key.isId()) {
            return HistoryIds.ofEither(document);
        }
        return isByVersion()
                ? new BsonInt64(document.getDateTime(StoredFields.FROM).getValue())
                : document.get(key.field(), BsonNull.VALUE);
    }

    private boolean isByVersion() {
        return order.keys().size() == 1 && order.keys().get(0).isLastUpdated();
    }

    /** These parts of a document, and what tells its place. */
    Bson parts(Bson others) {
        BsonDocument parts = others.toBsonDocument().clone();
        if (isByVersion()) {
            parts.append(StoredFields.FROM, new BsonInt32(1));
        } else {
            order.keys().stream().filter(key -> !key.isId()).forEach(key -> parts.append(key.field(), value(key)));
        }
        return parts.append(StoredFields.POSITION, new BsonInt32(1));
    }

    /** What a projection says of a key: that the field is wanted, or what it is made of. What has no values lacks the key. */
    static BsonValue value(Order.Key key) {
        if (key.values() == null) {
            return new BsonInt32(1);
        }
        BsonString values = new BsonString("$" + key.values().field());
        BsonDocument first = new BsonDocument(key.descending() ? "$max" : "$min", values);
        return new BsonDocument("$ifNull", new BsonArray(List.of(first, new BsonString("$$REMOVE"))));
    }

    @Override
    public int compare(PagePosition one, PagePosition other) {
        for (int i = 0; i < order.keys().size(); i++) {
            int forward =
                    compare(order.keys().get(i), one.keys().get(i), other.keys().get(i));
            if (forward != 0) {
                return order.backward() ? -forward : forward;
            }
        }
        int rising = Long.compare(one.position(), other.position());
        return order.isPositionDescending() ? -rising : rising;
    }

    private static int compare(Order.Key key, BsonValue one, BsonValue other) {
        if (one.isNull() || other.isNull()) {
            return Boolean.compare(one.isNull(), other.isNull());
        }
        int rising =
                key.kind() == Order.Kind.TEXT ? Arrays.compareUnsigned(utf8(one), utf8(other)) : numbers(one, other);
        return key.descending() ? -rising : rising;
    }

    private static int numbers(BsonValue one, BsonValue other) {
        return one.isInt64() && other.isInt64()
                ? Long.compare(one.asInt64().getValue(), other.asInt64().getValue())
                : one.asNumber().decimal128Value().compareTo(other.asNumber().decimal128Value());
    }

    private static byte[] utf8(BsonValue text) {
        return text.asString().getValue().getBytes(StandardCharsets.UTF_8);
    }
}
