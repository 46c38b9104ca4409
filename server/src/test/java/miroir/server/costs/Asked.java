package miroir.server.costs;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One search, and what it may cost.
 *
 * @param form what searches have in common of which one is enough where time is short; of them the last one finds least
 * @param query type and parameters
 * @param isUnordered whether no index has what is found in the order of pages, so that some of it is read and sorted, or passed over
 * @param excuse why it may cost more; null: it may not
 */
record Asked(
        String form,
        String query,
        boolean isUnordered,
        @Nullable Excuse excuse) {
    /** What cannot be had for a small price. It is the list of docs/performance. */
    enum Excuse {
        /** Systems have no index: one more for each token, and what has one is nearly everything. */
        SYSTEM_ALONE,
        /** The index has codes alone: where a code is frequent in one system, it is looked at for another one in which it is rare. */
        CODE_OF_SEVERAL_SYSTEMS,
        /** Identifiers of references have no index: they are for those who do not know the reference. */
        IDENTIFIER_OF_A_REFERENCE,
        /** One or two letters within a text have no gram of their own. */
        SHORT_NEEDLE,
        /** No index tells who has something, only who has what; where few have anything, they are looked for among all. */
        HAS_SOMETHING,
        /** Whoever has not a code has others, or none, by which the index has everybody; where few have not that one, they are looked for among all. */
        NOT,
        /** What has the same first key is sorted by the second. */
        SECOND_KEY
    }

    static Asked inOrder(String type, String name, String value) {
        return new Asked(type + "?" + name, type + "?" + name + "=" + encoded(value), false, null);
    }

    static Asked of(String query) {
        return new Asked(query, query, false, null);
    }

    Asked unordered() {
        return new Asked(form, query, true, excuse);
    }

    Asked excusedBy(Excuse why) {
        return new Asked(form, query, isUnordered, why);
    }

    /** One of a form of its own. */
    Asked as(String special) {
        return new Asked(form + " " + special, query, isUnordered, excuse);
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
