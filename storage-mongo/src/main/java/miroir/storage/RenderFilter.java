package miroir.storage;

import java.util.ArrayList;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * A condition as a filter of MongoDB. Every value stands under an operator that takes values, so a value that looks like
 * an operator stays a value.
 */
final class RenderFilter {
    /** Far above any name, far below what a regular expression may be long. */
    private static final int LONGEST_TEXT = 2_000;

    private RenderFilter() {}

    static BsonDocument of(Condition condition) {
        if (condition instanceof Condition.And and) {
            return and.parts().isEmpty() ? new BsonDocument() : all("$and", and.parts());
        }
        if (condition instanceof Condition.Or or) {
            return or.parts().isEmpty() ? nothing() : all("$or", or.parts());
        }
        if (condition instanceof Condition.Not not) {
            return all("$nor", List.of(not.part()));
        }
        if (condition instanceof Condition.In in) {
            return in(in.field(), in.values());
        }
        if (condition instanceof Condition.Exists exists) {
            return field(exists.field(), "$exists", BsonBoolean.TRUE);
        }
        if (condition instanceof Condition.Text text) {
            return regex(text.base() + "-i", text.anywhere() ? "" : "^", text.needle());
        }
        if (condition instanceof Condition.Word word) {
            return regex(word.base() + "-i", "(?:^| )", word.needle());
        }
        if (condition instanceof Condition.StartsWith starts) {
            return regex(starts.field(), "^", starts.prefix());
        }
        if (condition instanceof Condition.Range range) {
            return range(range);
        }
        if (condition instanceof Condition.Element element) {
            return field(element.field(), "$elemMatch", of(element.condition()));
        }
        throw new IllegalArgumentException("a link has to be looked up first: " + condition);
    }

    /** What is within a scope. A deletion has no fields, so it is not, whatever fields the scope wants to be missing. */
    static BsonDocument within(Condition scope) {
        return of(live(scope));
    }

    /** The same as a filter on history. */
    static BsonDocument withinInHistory(Condition scope) {
        return inHistory(live(scope));
    }

    /** A deletion has no position. */
    private static Condition live(Condition scope) {
        return new Condition.And(List.of(scope, new Condition.Exists(StoredFields.POSITION)));
    }

    /** A condition as a filter on history, where the resource id is a part of {@code _id}. */
    static BsonDocument inHistory(Condition condition) {
        return withHistoryIds(of(condition));
    }

    /** A filter on current as one on history. */
    static BsonDocument withHistoryIds(BsonDocument filter) {
        BsonDocument renamed = new BsonDocument();
        filter.forEach((name, value) -> {
            if (value.isArray()) {
                BsonArray parts = new BsonArray();
                value.asArray()
                        .forEach(part -> parts.add(part.isDocument() ? withHistoryIds(part.asDocument()) : part));
                renamed.append(name, parts);
            } else {
                renamed.append(name.equals(StoredFields.ID) ? HistoryIds.RESOURCE : name, value);
            }
        });
        return renamed;
    }

    static BsonDocument in(String field, List<BsonValue> values) {
        return values.size() == 1
                ? field(field, "$eq", values.get(0))
                : field(field, "$in", new BsonArray(new ArrayList<>(values)));
    }

    private static BsonDocument range(Condition.Range range) {
        BsonArray sides = new BsonArray();
        for (Condition.Bound bound : range.bounds()) {
            sides.add(field(range.field(), operator(bound.comparison()), bound.value()));
        }
        return new BsonDocument("$and", sides);
    }

    private static String operator(Condition.Comparison comparison) {
        return switch (comparison) {
            case LESS -> "$lt";
            case AT_MOST -> "$lte";
            case AT_LEAST -> "$gte";
            case GREATER -> "$gt";
        };
    }

    private static BsonDocument all(String operator, List<Condition> parts) {
        BsonArray rendered = new BsonArray();
        parts.forEach(part -> rendered.add(of(part)));
        return new BsonDocument(operator, rendered);
    }

    private static BsonDocument regex(String field, String begin, String text) {
        if (text.length() > LONGEST_TEXT) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "a text of " + text.length() + " characters cannot be searched; at most " + LONGEST_TEXT);
        }
        if (text.indexOf('\0') >= 0) {
            return nothing();
        }
        return field(field, "$regex", new BsonString(begin + quoted(text)));
    }

    /** Every ASCII character that is not a letter or digit is escaped, which PCRE takes as that character. */
    private static String quoted(String text) {
        StringBuilder pattern = new StringBuilder(text.length() + 8);
        text.chars().forEach(character -> {
            boolean plain = character > 127
                    || (character >= '0' && character <= '9')
                    || (character >= 'A' && character <= 'Z')
                    || (character >= 'a' && character <= 'z');
            if (!plain) {
                pattern.append('\\');
            }
            pattern.append((char) character);
        });
        return pattern.toString();
    }

    private static BsonDocument nothing() {
        return in(StoredFields.ID, List.of());
    }

    private static BsonDocument field(String field, String operator, BsonValue value) {
        return new BsonDocument(field, new BsonDocument(operator, value));
    }
}
