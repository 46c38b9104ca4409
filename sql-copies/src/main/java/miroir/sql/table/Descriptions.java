package miroir.sql.table;

import java.util.HashMap;
import java.util.Map;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/** What a view says about itself and its columns, for who looks at the tables. */
final class Descriptions {
    private final Map<String, String> ofColumns = new HashMap<>();
    private final String ofView;

    Descriptions(BsonDocument definition) {
        String title = text(definition, "title");
        String description = text(definition, "description");
        this.ofView = description.isEmpty() ? title : description;
        collect(definition);
    }

    String ofView() {
        return ofView;
    }

    String ofColumn(String name) {
        return ofColumns.getOrDefault(name, "");
    }

    /** Columns stand in selects, which stand in each other. */
    private void collect(BsonDocument within) {
        for (String list : new String[] {"select", "unionAll", "column"}) {
            BsonValue found = within.get(list);
            if (found != null && found.isArray()) {
                found.asArray().stream()
                        .filter(BsonValue::isDocument)
                        .map(BsonValue::asDocument)
                        .forEach(list.equals("column") ? this::column : this::collect);
            }
        }
    }

    private void column(BsonDocument column) {
        String description = text(column, "description");
        if (!description.isEmpty()) {
            ofColumns.putIfAbsent(text(column, "name"), description);
        }
    }

    private static String text(BsonDocument document, String name) {
        return document.get(name) instanceof BsonString text ? text.getValue() : "";
    }
}
