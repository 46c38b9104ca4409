package miroir.server.costs;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/** What resources of a type have in their search fields, from a sample of them. */
final class StoredValues {
    private static final int SAMPLE = 300;

    private final Map<String, List<Document>> samples = new LinkedHashMap<>();

    StoredValues(TestDatabase test, Iterable<String> types) {
        try (MongoClient client = MongoClients.create(test.uri())) {
            for (String type : types) {
                samples.put(
                        type,
                        client.getDatabase(test.name())
                                .getCollection(type)
                                .find()
                                .limit(SAMPLE)
                                .into(new ArrayList<>()));
            }
        }
    }

    /** The values of a field that most resources have, and that fewest have; none, one, or two. */
    List<Object> extremes(String type, String field) {
        return extremes(all(type, field));
    }

    /** Of these values. */
    static List<Object> extremes(Stream<?> values) {
        Map<Object, Integer> counts = new HashMap<>();
        values.forEach(value -> counts.merge(value, 1, Integer::sum));
        List<Object> byCount = counts.entrySet().stream()
                .sorted(Map.Entry.<Object, Integer>comparingByValue()
                        .thenComparing(each -> each.getKey().toString()))
                .map(Map.Entry::getKey)
                .toList();
        return byCount.isEmpty()
                ? List.of()
                : Stream.of(byCount.get(byCount.size() - 1), byCount.get(0))
                        .distinct()
                        .toList();
    }

    /** The lowest value, one in the middle, and the highest. */
    List<Long> spread(String type, String field, String inner) {
        List<Long> values = all(type, field)
                .map(value -> value instanceof Document each ? each.get(inner) : value)
                .filter(Long.class::isInstance)
                .map(Long.class::cast)
                .filter(value -> value > Long.MIN_VALUE / 2 && value < Long.MAX_VALUE / 2)
                .sorted(Comparator.naturalOrder())
                .toList();
        return values.isEmpty()
                ? List.of()
                : Stream.of(values.get(0), values.get(values.size() / 2), values.get(values.size() - 1))
                        .distinct()
                        .toList();
    }

    /** The lowest number, one in the middle, and the highest. */
    List<String> numbers(String type, String field, String inner) {
        List<BigDecimal> values = documents(type, field).stream()
                .map(each -> each.get(inner))
                .filter(Decimal128.class::isInstance)
                .map(Decimal128.class::cast)
                .filter(Decimal128::isFinite)
                .map(Decimal128::bigDecimalValue)
                .sorted()
                .toList();
        return values.isEmpty()
                ? List.of()
                : Stream.of(values.get(0), values.get(values.size() / 2), values.get(values.size() - 1))
                        .map(BigDecimal::toPlainString)
                        .distinct()
                        .toList();
    }

    /** The documents in a field. */
    List<Document> documents(String type, String field) {
        return all(type, field)
                .filter(Document.class::isInstance)
                .map(Document.class::cast)
                .toList();
    }

    private Stream<Object> all(String type, String field) {
        return Objects.requireNonNull(samples.get(type), type).stream().flatMap(document -> each(document.get(field)));
    }

    /** A value, those of a list, or none. */
    static Stream<Object> each(@Nullable Object value) {
        return value instanceof List<?> several
                ? several.stream().map(each -> (Object) each)
                : Stream.ofNullable(value);
    }

    /** What stands in the first document of a value. */
    static @Nullable Object inner(@Nullable Object value, String name) {
        return each(value)
                .map(Document.class::cast)
                .map(each -> each.get(name))
                .findFirst()
                .orElse(null);
    }

    /** The first of a value as it is written. */
    static String text(@Nullable Object value) {
        Object first = each(value).findFirst().orElseThrow();
        return first instanceof Decimal128 number ? number.bigDecimalValue().toPlainString() : first.toString();
    }
}
