package miroir.index.json;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import miroir.index.structure.Structures;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of resources an answer has: what {@code _summary} and {@code _elements} ask for. Immutable.
 *
 * <p>A shape is applied to stored BSON and gives BSON again, so that whatever writes a resource writes a part of it in the
 * same way and knows nothing of shapes. Elements that are kept are copied in one piece; the tables of the types are made
 * when a type is first answered in that shape, and kept.
 */
public final class Shape {
    private static final ShapeTables TABLES = new ShapeTables(Structures.r4());
    private static final Shape WHOLE = new Shape(null);
    private static final Shape SUMMARY = new Shape(TABLES::summary);
    private static final Shape TEXT = new Shape(TABLES::text);
    private static final Shape DATA = new Shape(type -> TABLES.allBut("text"));

    private final @Nullable Function<String, KeptElements> byType;

    private Shape(@Nullable Function<String, KeptElements> byType) {
        this.byType = byType;
    }

    /** Everything. */
    public static Shape whole() {
        return WHOLE;
    }

    /** What the specification marks as summary, at each level; mandatory elements and modifiers are always among it. */
    public static Shape summary() {
        return SUMMARY;
    }

    /** The narrative, id, meta, and what is mandatory at the root. */
    public static Shape text() {
        return TEXT;
    }

    /** Everything but the narrative. */
    public static Shape data() {
        return DATA;
    }

    /** These elements of the root, id, meta, and what is mandatory or a modifier there. */
    public static Shape elements(Set<String> names) {
        Set<String> asked = Set.copyOf(names);
        Map<String, KeptElements> made = new ConcurrentHashMap<>();
        return new Shape(type -> made.computeIfAbsent(type, name -> TABLES.elements(name, asked)));
    }

    /** The names that {@link #elements} knows for a resource type; a choice has those of its forms and the one before [x]. */
    public static Set<String> elementsOf(String type) {
        return TABLES.names(type);
    }

    /** The parts of the resource, tagged as such; the resource itself where everything is asked for. */
    public RawBsonDocument of(RawBsonDocument resource) {
        if (byType == null) {
            return resource;
        }
        String type =
                resource.get("resourceType", new BsonString("")).asString().getValue();
        return new ShapedCopy(TABLES, resource).with(byType.apply(type));
    }
}
