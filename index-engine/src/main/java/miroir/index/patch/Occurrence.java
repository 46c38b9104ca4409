package miroir.index.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import miroir.index.structure.ElementDefinition;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * An element as FHIR sees it, which in JSON stands in two places: a primitive's value under its name, its id and extensions
 * beside it under {@code _name}, and where the element repeats, both in lists that null keeps in step. All changes are made
 * to lists of these, so that no list can get out of step with the other.
 *
 * @param value null: a primitive that has extensions only
 * @param beside null: neither id nor extensions
 */
record Occurrence(@Nullable BsonValue value, @Nullable BsonDocument beside) {

    /** All that an object has of an element. */
    static List<Occurrence> of(BsonDocument object, ElementDefinition element) {
        List<BsonValue> values = listed(object.get(element.name()));
        List<BsonValue> besides = listed(object.get("_" + element.name()));
        List<Occurrence> all = new ArrayList<>();
        for (int i = 0; i < Math.max(values.size(), besides.size()); i++) {
            BsonValue beside = at(besides, i);
            all.add(new Occurrence(at(values, i), beside == null ? null : beside.asDocument()));
        }
        return all;
    }

    /** The same object with these instead. */
    static BsonDocument with(BsonDocument object, ElementDefinition element, List<Occurrence> all) {
        if (all.size() > 1 && !element.many()) {
            throw PatchFailed.unfit(element.name() + " does not repeat");
        }
        BsonDocument copy = LooseCopy.of(object);
        put(copy, element.name(), element.many(), all, Occurrence::value);
        put(copy, "_" + element.name(), element.many(), all, Occurrence::beside);
        return copy;
    }

    /** Whether there is nothing of it. */
    boolean isNothing() {
        return value == null && beside == null;
    }

    private static void put(
            BsonDocument object,
            String name,
            boolean many,
            List<Occurrence> all,
            Function<Occurrence, @Nullable BsonValue> part) {
        List<BsonValue> values = new ArrayList<>();
        boolean any = false;
        for (Occurrence occurrence : all) {
            BsonValue value = part.apply(occurrence);
            any |= value != null;
            values.add(value == null ? BsonNull.VALUE : value);
        }
        if (!any) {
            object.remove(name);
        } else {
            object.put(name, many ? new BsonArray(values) : values.get(0));
        }
    }

    private static List<BsonValue> listed(@Nullable BsonValue value) {
        if (value == null) {
            return List.of();
        }
        return value instanceof BsonArray array ? List.copyOf(array) : List.of(value);
    }

    private static @Nullable BsonValue at(List<BsonValue> values, int index) {
        return index >= values.size() || values.get(index).isNull() ? null : values.get(index);
    }
}
