package miroir.index.extract;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Distinct texts of one field, in the order in which they came. Most fields have one to four, where looking through a list
 * is cheaper than a hash table; a field with many gets one.
 */
final class Texts {
    private static final int FEW = 16;

    private final List<String> texts = new ArrayList<>(4);
    private @Nullable Set<String> known;

    void add(@Nullable String text) {
        if (text != null && !text.isEmpty() && isNew(text)) {
            texts.add(text);
        }
    }

    private boolean isNew(String text) {
        if (texts.size() < FEW) {
            return !texts.contains(text);
        }
        if (known == null) {
            known = new HashSet<>(texts);
        }
        return known.add(text);
    }

    List<String> all() {
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
            return new BsonString(texts.get(0));
        }
        List<BsonString> values = new ArrayList<>(texts.size());
        texts.forEach(text -> values.add(new BsonString(text)));
        return new BsonArray(values);
    }
}
