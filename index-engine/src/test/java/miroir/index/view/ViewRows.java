package miroir.index.view;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import miroir.index.yaml.YamlNode;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** The rows of a view in a test, each cell as a text that says what it is. */
record ViewRows(View view, List<List<@Nullable String>> rows) {

    static ViewRows of(BsonDocument view) {
        return of(YamlNode.of("view", view));
    }

    static ViewRows of(String json) {
        return of(YamlNode.parseJson("view.json", json));
    }

    private static ViewRows of(YamlNode node) {
        return new ViewRows(new ReadView(Set.of("https://own/fhir")).read(node), new ArrayList<>());
    }

    void add(RawBsonDocument resource) {
        int columns = view.compiled().columns().size();
        view.compiled().rows(resource, row -> {
            List<@Nullable String> cells = new ArrayList<>();
            IntStream.range(0, columns).forEach(i -> cells.add(shown(row.cell(i))));
            return rows.add(cells);
        });
    }

    List<String> names() {
        return view.compiled().columns().stream().map(Column::name).toList();
    }

    /** An expected row, as the specification's cases have it. */
    List<@Nullable String> expected(BsonDocument row) {
        if (!names().containsAll(row.keySet())) {
            throw new AssertionError(row + " has others than the columns " + names());
        }
        List<@Nullable String> cells = new ArrayList<>();
        names().forEach(name -> cells.add(shown(row.get(name))));
        return cells;
    }

    private static @Nullable String shown(@Nullable Object cell) {
        if (cell instanceof List<?> list) {
            return list.stream().map(ViewRows::shown).toList().toString();
        }
        if (cell instanceof BsonValue value && !value.isDocument()) {
            return value.isArray() ? shown((Object) List.copyOf(value.asArray())) : shown(plain(value));
        }
        return cell instanceof Number number
                ? new BigDecimal(number.toString()).stripTrailingZeros().toPlainString()
                : cell == null ? null : cell.toString();
    }

    private static @Nullable Object plain(BsonValue value) {
        return switch (value.getBsonType()) {
            case NULL -> null;
            case STRING -> value.asString().getValue();
            case BOOLEAN -> value.asBoolean().getValue();
            default -> new BigDecimal(value.asNumber().decimal128Value().toString());
        };
    }
}
