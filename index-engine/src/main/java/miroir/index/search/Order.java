package miroir.index.search;

import java.util.List;

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
     */
    public record Key(String field, Kind kind, boolean descending) {
        static Key ofId(boolean descending) {
            return new Key(ID, Kind.TEXT, descending);
        }

        static Key ofLastUpdated(boolean descending) {
            return new Key(LAST_UPDATED, Kind.NUMBER, descending);
        }

        /** Whether it is the id of the resource, of which no two have the same. */
        public boolean isId() {
            return field.equals(ID);
        }

        /** Whether every resource has it. */
        public boolean isAlwaysThere() {
            return isId() || field.equals(LAST_UPDATED);
        }
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
