package miroir.server.console;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import miroir.index.search.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * The types that can be searched, and how.
 *
 * @param ways to ask for what one parameter alone does not say
 */
record ParameterTypesPage(View view, List<TypeRow> rows, List<Way> ways) {
    /** What modifiers there are, in the order in which they are explained. */
    private static final List<String> MODIFIERS =
            List.of("missing", "not", "exact", "contains", "text", "of-type", "identifier", "above", "below");

    ParameterTypesPage {
        rows = List.copyOf(rows);
        ways = List.copyOf(ways);
    }

    /**
     * A type.
     *
     * @param label what people call it; null: nothing else
     * @param count of its parameters
     */
    record TypeRow(String type, @Nullable String label, int count) {}

    /**
     * A way to ask, with an example that is answered.
     *
     * @param name of which the words are
     * @param type that is asked for
     */
    record Way(String name, String type, String criteria) {
        private static final List<Way> ALL = List.of(
                new Way("several", "Organization", "address-city=lyon,villeurbanne&name:contains=pharmacie"),
                new Way("chain", "PractitionerRole", "organization.name:contains=pharmacie"),
                new Way("has", "Practitioner", "_has:PractitionerRole:practitioner:active=true"),
                new Way("include", "PractitionerRole", "_include=PractitionerRole:practitioner"),
                new Way("sort", "Practitioner", "_sort=-_lastUpdated"));

        /** Those that are of the directory, where that is served; what is said of dates is so of any type. */
        static List<Way> of(Set<String> types, Set<String> ofDirectory) {
            return types.containsAll(ofDirectory) ? ALL : List.of();
        }

        String example() {
            return type + "?" + criteria;
        }
    }

    List<String> prefixes() {
        return Arrays.stream(Prefix.values()).map(Prefix::code).toList();
    }

    /** Where an example is answered. */
    String path(Way way) {
        return view.search(way.type(), way.criteria() + ParametersPage.SHORT);
    }

    /** A search by date, of any type that there is. */
    Way byDate() {
        return new Way("date", rows.get(0).type(), "_lastUpdated=ge2024-01-01");
    }

    List<String> modifiers() {
        return MODIFIERS;
    }
}
