package miroir.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import miroir.index.search.Condition;
import miroir.index.value.Trigrams;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/** Which indexes could answer a condition, one list of alternatives per part that has to be met. */
final class FindDrivers {
    /** MongoDB merges the sorted matches of up to 200 values, and reads and sorts beyond; see the ADR on lists of values. */
    static final int MERGED_VALUES = 200;

    private static final BsonDocument BY_ID = new BsonDocument(StoredFields.ID, new BsonInt32(1));

    private final TypeIndexes indexes;

    FindDrivers(TypeIndexes indexes) {
        this.indexes = indexes;
    }

    /** Every way in; empty where only a walk through the whole type is left. */
    List<Driver> of(String type, Condition condition) {
        List<Driver> drivers = new ArrayList<>();
        parts(condition).forEach(part -> drivers.addAll(ofPart(type, part)));
        return drivers;
    }

    /** All that have to be met, nested conjunctions opened. */
    private static Stream<Condition> parts(Condition condition) {
        return condition instanceof Condition.And and
                ? and.parts().stream().flatMap(FindDrivers::parts)
                : Stream.of(condition);
    }

    private List<Driver> ofPart(String type, Condition part) {
        if (part instanceof Condition.In in) {
            return ofValues(type, in).stream().toList();
        }
        if (part instanceof Condition.Text text) {
            return ofGrams(type, text);
        }
        if (part instanceof Condition.Or or) {
            return ofAlternatives(type, or).stream().toList();
        }
        if (part instanceof Condition.StartsWith starts) {
            return unordered(part, indexes.on(type, starts.field()));
        }
        if (part instanceof Condition.Range range) {
            return unordered(part, indexes.on(type, range.field()));
        }
        if (part instanceof Condition.Element element) {
            return ofElement(type, element);
        }
        return List.of();
    }

    private Optional<Driver> ofValues(String type, Condition.In in) {
        if (in.field().equals(StoredFields.ID)) {
            return Optional.of(new Driver(in, BY_ID, false));
        }
        WantedIndex index = indexes.on(type, in.field());
        return index == null
                ? Optional.empty()
                : Optional.of(new Driver(in, index.keys(), in.values().size() <= MERGED_VALUES));
    }

    private List<Driver> ofGrams(String type, Condition.Text text) {
        String field = text.base() + "-3g";
        WantedIndex index = indexes.on(type, field);
        if (index == null) {
            return List.of();
        }
        List<String> grams = text.anywhere() ? Trigrams.ofInfix(text.needle()) : Trigrams.ofPrefix(text.needle());
        return grams.stream()
                .map(gram -> new Driver(new Condition.In(field, List.of(new BsonString(gram))), index.keys(), true))
                .toList();
    }

    /** Values of one field, each with further tests or without: their union drives where one index serves them all. */
    private Optional<Driver> ofAlternatives(String type, Condition.Or or) {
        List<Condition.In> values = new ArrayList<>();
        for (Condition alternative : or.parts()) {
            Optional<Condition.In> value = parts(alternative)
                    .filter(Condition.In.class::isInstance)
                    .map(Condition.In.class::cast)
                    .filter(in -> indexes.on(type, in.field()) != null)
                    .findFirst();
            if (value.isEmpty()) {
                return Optional.empty();
            }
            values.add(value.get());
        }
        boolean oneField = values.stream().map(Condition.In::field).distinct().count() == 1;
        return oneField ? ofValues(type, union(values)) : Optional.empty();
    }

    private static Condition.In union(List<Condition.In> values) {
        return new Condition.In(
                values.get(0).field(),
                values.stream().flatMap(in -> in.values().stream()).distinct().toList());
    }

    private List<Driver> ofElement(String type, Condition.Element element) {
        List<Driver> drivers = new ArrayList<>();
        parts(element.condition()).forEach(part -> {
            if (part instanceof Condition.In in) {
                WantedIndex index = indexes.on(type, element.field() + "." + in.field());
                if (index != null) {
                    drivers.add(new Driver(
                            new Condition.Element(element.field(), in),
                            index.keys(),
                            in.values().size() <= MERGED_VALUES));
                }
            }
        });
        IntervalBounds bounds = IntervalBounds.of(element.condition());
        String end = bounds.boundsStart() ? ".s" : ".e";
        if (bounds.boundsStart() || bounds.boundsEnd()) {
            drivers.addAll(unordered(
                    new Condition.Element(element.field(), bounds.tests()), indexes.on(type, element.field() + end)));
        }
        return drivers;
    }

    private static List<Driver> unordered(Condition keys, @Nullable WantedIndex index) {
        return index == null ? List.of() : List.of(new Driver(keys, index.keys(), false));
    }
}
