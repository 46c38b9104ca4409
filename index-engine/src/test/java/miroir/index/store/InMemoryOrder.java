package miroir.index.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import miroir.index.search.Order;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonValue;

/** An order as a comparator, as plainly as it can be said. */
final class InMemoryOrder {
    private InMemoryOrder() {}

    static Comparator<InMemoryResourceStore.Stored> of(Order order) {
        return (one, other) -> compare(order, position(order, one), position(order, other));
    }

    static boolean isNotAfter(Order order, InMemoryResourceStore.Stored stored, PagePosition position) {
        return compare(order, position(order, stored), position) <= 0;
    }

    static PagePosition position(Order order, InMemoryResourceStore.Stored stored) {
        BsonDocument fields = stored.fields();
        List<BsonValue> keys =
                order.keys().stream().map(key -> key(key, fields)).toList();
        return new PagePosition(keys, stored.position());
    }

    private static BsonValue key(Order.Key key, BsonDocument fields) {
        if (key.values() == null) {
            return fields.get(key.isId() ? "t_id" : key.field(), BsonNull.VALUE);
        }
        String[] path = key.values().field().split("\\.", -1);
        BsonValue all = fields.get(path[0], new BsonArray());
        List<BsonValue> values = all.isArray() ? all.asArray() : List.of(all);
        return values.stream()
                .map(value -> path.length == 1 ? value : value.asDocument().get(path[1]))
                .min((one, other) -> compare(key, one, other))
                .orElse(BsonNull.VALUE);
    }

    private static int compare(Order order, PagePosition one, PagePosition other) {
        int forward = 0;
        for (int i = 0; i < order.keys().size() && forward == 0; i++) {
            forward =
                    compare(order.keys().get(i), one.keys().get(i), other.keys().get(i));
        }
        if (forward != 0) {
            return order.backward() ? -forward : forward;
        }
        int rising = Long.compare(one.position(), other.position());
        return order.isPositionDescending() ? -rising : rising;
    }

    private static int compare(Order.Key key, BsonValue one, BsonValue other) {
        if (one.isNull() || other.isNull()) {
            return Boolean.compare(one.isNull(), other.isNull());
        }
        int rising = key.kind() == Order.Kind.TEXT
                ? Arrays.compareUnsigned(utf8(one), utf8(other))
                : one.asNumber()
                        .decimal128Value()
                        .bigDecimalValue()
                        .compareTo(other.asNumber().decimal128Value().bigDecimalValue());
        return key.descending() ? -rising : rising;
    }

    private static byte[] utf8(BsonValue text) {
        return text.asString().getValue().getBytes(StandardCharsets.UTF_8);
    }
}
