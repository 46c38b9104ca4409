package miroir.index.extract;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** Distinct texts of one field, in the order in which they came. */
final class Texts {
    private final Set<String> texts = new LinkedHashSet<>(8);

    void add(@Nullable String text) {
        if (text != null && !text.isEmpty()) {
            texts.add(text);
        }
    }

    Set<String> asSet() {
        return texts;
    }

    /** Writes the field unless there is nothing to write. */
    void write(BsonDocument fields, String name, boolean many) {
        if (!texts.isEmpty()) {
            fields.append(name, value(many));
        }
    }

    /** Writes the field, empty if need be. */
    void writeMain(BsonDocument fields, String name, boolean many) {
        fields.append(name, value(many));
    }

    private BsonValue value(boolean many) {
        if (!many && texts.size() == 1) {
            return new BsonString(texts.iterator().next());
        }
        List<BsonString> values = new ArrayList<>(texts.size());
        texts.forEach(text -> values.add(new BsonString(text)));
        return new BsonArray(values);
    }
}
