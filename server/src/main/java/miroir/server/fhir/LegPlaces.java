package miroir.server.fhir;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import miroir.index.search.Order;
import miroir.index.store.PagePosition;
import miroir.index.store.ResourceVersion;
import miroir.server.paging.PageToken;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * Where matches of several types stand: by the keys of an order, those with the same keys by type, and by position within it. In a place the type
 * is the last key.
 *
 * @param order by what every type has
 */
record LegPlaces(Order order) implements Comparator<ResourceVersion.Live> {

    /** The place of a match. */
    PagePosition of(ResourceVersion.Live match) {
        List<BsonValue> keys = new ArrayList<>(keys(match));
        keys.add(new BsonString(match.key().type()));
        return new PagePosition(keys, match.position());
    }

    /** Its place among those of its own type. */
    PagePosition inLeg(ResourceVersion.Live match) {
        return new PagePosition(keys(match), match.position());
    }

    private List<BsonValue> keys(ResourceVersion.Live match) {
        return order.keys().stream()
                .<BsonValue>map(key -> key.isId()
                        ? new BsonString(match.key().id())
                        : new BsonInt64(match.from().toEpochMilli()))
                .toList();
    }

    /** Which type it is a place of. */
    static String type(PagePosition place) {
        int last = place.keys().size() - 1;
        if (last < 0 || !place.keys().get(last).isString()) {
            throw PageToken.outdated();
        }
        return place.keys().get(last).asString().getValue();
    }

    /** After which place of its own a type goes on after one of any type: those with the same keys come before it, or after it. */
    PagePosition inLeg(String type, PagePosition place) {
        int side = type.compareTo(type(place));
        List<BsonValue> keys = place.keys().subList(0, place.keys().size() - 1);
        if (side == 0) {
            return new PagePosition(keys, place.position());
        }
        boolean passed = side < 0 != order.backward();
        return new PagePosition(keys, passed == order.isPositionDescending() ? 0 : Long.MAX_VALUE);
    }

    /** Of two types; within one the store has the order. */
    @Override
    public int compare(ResourceVersion.Live one, ResourceVersion.Live other) {
        for (Order.Key key : order.keys()) {
            int rising = key.isId()
                    ? one.key().id().compareTo(other.key().id())
                    : one.from().compareTo(other.from());
            if (rising != 0) {
                return key.descending() == order.backward() ? rising : -rising;
            }
        }
        int types = one.key().type().compareTo(other.key().type());
        return order.backward() ? -types : types;
    }
}
