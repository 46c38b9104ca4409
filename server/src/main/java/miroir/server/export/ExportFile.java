package miroir.server.export;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * A file of an export, which is a stretch of a type.
 *
 * @param number among those of its kind and type, from 1 on
 * @param after the position behind which it begins
 * @param upTo the position that it ends with
 * @param count how many lines it has
 */
record ExportFile(Kind kind, String type, int number, long after, long upTo, long count) {
    private static final String ENDING = ".ndjson";
    private static final Pattern NAME = Pattern.compile("(deleted-)?([A-Z][A-Za-z]{1,63})-([0-9]{1,6})\\.ndjson");

    /** What the lines of a file are. */
    enum Kind {
        RESOURCES(""),
        /** Bundles that say what was deleted. */
        DELETIONS("deleted-");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        private BsonString bson() {
            return new BsonString(name().toLowerCase(Locale.ROOT));
        }
    }

    /** As its URL ends. */
    String name() {
        return kind.prefix + type + "-" + number + ENDING;
    }

    /** What the one of that name is found by; where there can be none, nothing is. */
    static BsonDocument named(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return new BsonDocument("kind", new BsonString(""));
        }
        Kind kind = matcher.group(1) == null ? Kind.RESOURCES : Kind.DELETIONS;
        return new BsonDocument("kind", kind.bson())
                .append("type", new BsonString(matcher.group(2)))
                .append("number", new BsonInt32(Integer.parseInt(matcher.group(3))));
    }

    /** Whether another stretch of the same may be one with it, if it has no more than so many. */
    boolean takes(ExportFile next, long most) {
        return kind == Kind.RESOURCES && next.kind == kind && next.type.equals(type) && count + next.count <= most;
    }

    /** The number of a file that comes after this one. */
    int numberOfNext(ExportFile next) {
        return next.kind == kind && next.type.equals(type) ? number + 1 : 1;
    }

    /** Both as one. */
    ExportFile and(ExportFile next) {
        return new ExportFile(kind, type, number, after, next.upTo, count + next.count);
    }

    static ExportFile of(BsonDocument document) {
        return new ExportFile(
                Kind.valueOf(document.getString("kind").getValue().toUpperCase(Locale.ROOT)),
                document.getString("type").getValue(),
                document.getInt32("number").getValue(),
                document.getInt64("after").getValue(),
                document.getInt64("upTo").getValue(),
                document.getInt64("count").getValue());
    }

    BsonDocument toBson() {
        return new BsonDocument("kind", kind.bson())
                .append("type", new BsonString(type))
                .append("number", new BsonInt32(number))
                .append("after", new BsonInt64(after))
                .append("upTo", new BsonInt64(upTo))
                .append("count", new BsonInt64(count));
    }
}
