package miroir.index.search;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * In which order matches are answered: by keys, and what has the same keys by position. What lacks a key comes after everything
 * that has it, whichever way that is sorted. No keys: the order in which the resources were created.
 *
 * @param backward whether all of it is turned round, to find what is before something
 */
public record Order(List<Key> keys, boolean backward) {
    private static final String ID = "_id";
    private static final String LAST_UPDATED = "t_lastupdated";

    /** The order in which resources were created. */
    public static final Order BY_POSITION = new Order(List.of(), false);

    /** Oldest versions first. */
    public static final Order BY_LAST_UPDATED = new Order(List.of(Key.ofLastUpdated(false)), false);

    public Order {
        keys = List.copyOf(keys);
    }

    /** What the values of a key are; one key has values of one kind. */
    public enum Kind {
        /** Compared by code points. */
        TEXT,
        NUMBER
    }

    /**
     * A field that matches are sorted by.
     *
     * @param field a scalar, never an array
     * @param values of which it is made when it is asked for; null: it is stored, and has an index
     */
    public record Key(
            String field,
            Kind kind,
            boolean descending,
            @Nullable Values values) {
        /** A key that is stored. */
        public Key(String field, Kind kind, boolean descending) {
            this(field, kind, descending, null);
        }

        static Key ofId(boolean descending) {
            return new Key(ID, Kind.TEXT, descending);
        }

        static Key ofLastUpdated(boolean descending) {
            return new Key(LAST_UPDATED, Kind.NUMBER, descending);
        }

        /** Whether it has to be made of what is stored, for each resource anew. */
        public boolean isMade() {
            return values != null;
        }

        /** Whether it is the id of the resource, of which no two have the same. */
        public boolean isId() {
            return field.equals(ID);
        }

        /** Whether it is when the version began, of which each has one. */
        public boolean isLastUpdated() {
            return field.equals(LAST_UPDATED);
        }

        /** Whether every resource has it. */
        public boolean isAlwaysThere() {
            return isId() || isLastUpdated();
        }
    }

    /**
     * Values of which the first in the order is a key: the least, or the greatest where the key descends.
     *
     * @param parameter whose they are
     * @param field where they are stored, one or an array of them; with a dot between an array of documents and a part of each
     */
    public record Values(String parameter, String field) {}

    /** What {@code _sort} says where it names nothing but what every type has. Two types may have the same id, so what comes behind that counts. */
    public static Order ofSeveralTypes(String sort) {
        return new Order(
                Stream.of(sort.split(",", -1))
                        .map(code -> {
                            boolean descending = code.startsWith("-");
                            return code.endsWith(ID) ? Key.ofId(descending) : Key.ofLastUpdated(descending);
                        })
                        .distinct()
                        .toList(),
                false);
    }

    /** Whether no index has even the first key. */
    public boolean isMade() {
        return !keys.isEmpty() && keys.get(0).isMade();
    }

    /** The same, from its end to its beginning. */
    public Order reversed() {
        return new Order(keys, !backward);
    }

    /** Whether what has the same keys is answered by falling position; as the first key goes, so that one index serves both. */
    public boolean isPositionDescending() {
        return backward != (!keys.isEmpty() && keys.get(0).descending());
    }
}
