package miroir.server.costs;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One search, and what it may cost.
 *
 * @param query type and parameters
 * @param isUnordered whether no index has what is found in the order of pages, so that some of it is read and sorted, or passed over
 * @param links over how many references it goes
 * @param excuse why it may cost more; null: it may not
 */
record Asked(
        String query,
        boolean isUnordered,
        int links,
        @Nullable Excuse excuse) {
    /** What cannot be had for a small price; docs/performance tells readers of each. */
    enum Excuse {
        /** Systems have no index: one more for each token, and what has one is nearly everything. */
        SYSTEM_ALONE,
        /** The index has codes alone: where a code is frequent in one system, it is looked at for another one in which it is rare. */
        CODE_OF_SEVERAL_SYSTEMS,
        /** The index has the first component alone: where that is frequent, the others are looked at on all that have it. */
        FIRST_OF_A_COMPOSITE,
        /** Identifiers of references have no index: they are for those who do not know the reference. */
        IDENTIFIER_OF_A_REFERENCE,
        /** One or two letters within a text have no gram of their own. */
        SHORT_NEEDLE,
        /** No index tells who has something, only who has what; where few have anything, they are looked for among all. */
        HAS_SOMETHING,
        /** What has a text and no code stands in the index as what has nothing; where most are like that, those without either are looked for among them. */
        TEXT_WITHOUT_CODE,
        /** Whoever has not a code has others, or none, by which the index has everybody; where few have not that one, they are looked for among all. */
        NOT,
        /** What has the same first key is sorted by the second. */
        SECOND_KEY,
        /** What meets a criterion may stand together at the end of the order; resources made of few models do. */
        END_OF_AN_ORDER,
        /** What has no end stands in the index of ends as what has no interval at all. */
        OPEN_END,
        /** Two sides of which each has more than is listed, and of which hardly anything is linked: one is walked to its end. */
        TWO_LARGE_SIDES,
        /** Labels are looked for in each code system, and refused by name where there are more than a thousand. */
        LABELS_OF_MANY_SYSTEMS
    }

    static Asked inOrder(String type, String name, String value) {
        return of(type + "?" + name + "=" + encoded(value));
    }

    static Asked of(String query) {
        return new Asked(query, false, 0, null);
    }

    Asked unordered() {
        return new Asked(query, true, links, excuse);
    }

    Asked excusedBy(Excuse why) {
        return new Asked(query, isUnordered, links, why);
    }

    /** One whose other sides are listed, or looked at in batches. */
    Asked over(int references) {
        return new Asked(query, true, references, excuse);
    }

    /** Nobody has to be asked who has no id or was never changed. */
    boolean needsNoReads() {
        return query.endsWith("?_id:missing=true") || query.endsWith("?_lastUpdated:missing=true");
    }

    /** A value of a token, a text or a reference as it is written between commas. */
    static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace(",", "\\,")
                .replace("$", "\\$")
                .replace("|", "\\|");
    }

    private static String encoded(String value) {
        return Arrays.stream(value.split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8))
                .collect(Collectors.joining("/"));
    }

    @Override
    public String toString() {
        return query;
    }
}
