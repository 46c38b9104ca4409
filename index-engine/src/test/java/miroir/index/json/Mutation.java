package miroir.index.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;

/** Spoils one element of a resource, the way in which clients do. */
final class Mutation {
    private static final List<String> ODD_TEXTS =
            List.of("", " ", "x", "a b", " a", "2024-13-01", "2024-02-30", "2024-01-01T10:00", "é", "-1", "http://a b");

    /** One element and the object that it is in. */
    private record Place(BsonDocument object, String name, BsonValue value) {}

    private final Random random;

    Mutation(Random random) {
        this.random = random;
    }

    /** Changes the resource and says what was done. */
    String apply(BsonDocument resource) {
        List<Place> places = new ArrayList<>();
        collect(resource, places);
        Place place = places.get(random.nextInt(places.size()));
        return change(place, place.value()) + " " + place.name();
    }

    private String change(Place place, BsonValue value) {
        switch (random.nextInt(7)) {
            case 0 -> {
                place.object().remove(place.name());
                return "drop";
            }
            case 1 -> {
                place.object().remove(place.name());
                place.object().put(misspelt(place.name()), value);
                return "misspell";
            }
            case 2 -> {
                place.object()
                        .put(place.name(), value.isArray() ? value.asArray().get(0) : new BsonArray(List.of(value)));
                return value.isArray() ? "unwrap" : "wrap";
            }
            case 3 -> {
                place.object().put(place.name(), BsonNull.VALUE);
                return "null";
            }
            case 4 -> {
                place.object().put(place.name(), value.isDocument() ? new BsonDocument() : new BsonArray());
                return "empty";
            }
            default -> {
                BsonValue other = value.isString() && random.nextInt(3) > 0 ? oddText() : otherType(value);
                place.object().put(place.name(), other);
                return "set " + other + " in";
            }
        }
    }

    private BsonValue oddText() {
        return new BsonString(ODD_TEXTS.get(random.nextInt(ODD_TEXTS.size())));
    }

    private BsonValue otherType(BsonValue value) {
        List<BsonValue> others = new ArrayList<>(List.of(
                new BsonString("text"),
                new BsonInt32(-7),
                BsonBoolean.TRUE,
                new BsonDocument("text", new BsonString("x")),
                new BsonArray(List.of(new BsonInt32(1)))));
        others.removeIf(other -> other.getBsonType() == value.getBsonType());
        return others.get(random.nextInt(others.size()));
    }

    private static String misspelt(String name) {
        return name.substring(0, name.length() - 1) + "q";
    }

    private static void collect(BsonValue value, List<Place> places) {
        if (value.isArray()) {
            value.asArray().forEach(element -> collect(element, places));
        } else if (value.isDocument()) {
            for (Map.Entry<String, BsonValue> element : value.asDocument().entrySet()) {
                places.add(new Place(value.asDocument(), element.getKey(), element.getValue()));
                collect(element.getValue(), places);
            }
        }
    }
}
