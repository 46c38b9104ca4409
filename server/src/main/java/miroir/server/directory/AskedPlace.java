package miroir.server.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import miroir.index.search.Condition;
import miroir.index.value.FoldedText;
import org.jspecify.annotations.Nullable;

/**
 * Where somebody works, as far as it is known.
 *
 * @param organization what the place is called, or a part of that
 * @param cities how the town may be written; none: nothing is asked
 * @param street the words that tell a street from others
 * @param codes what a place has to meet by its codes: postal, of the department, of the municipality; null: nothing is asked
 */
public record AskedPlace(
        @Nullable AskedName organization,
        List<String> cities,
        List<AskedName.Word> street,
        @Nullable Condition codes) {
    private static final int LONGEST_CITY = 100;
    private static final Set<String> KINDS_OF_STREETS = Set.of(
            "rue",
            "r",
            "avenue",
            "av",
            "ave",
            "boulevard",
            "bd",
            "bld",
            "blvd",
            "place",
            "pl",
            "chemin",
            "che",
            "route",
            "rte",
            "allee",
            "allees",
            "all",
            "impasse",
            "imp",
            "quai",
            "cours",
            "square",
            "sq",
            "passage",
            "bis",
            "ter",
            "quater");

    public AskedPlace {
        cities = List.copyOf(cities);
        street = List.copyOf(street);
    }

    /** As parameters say it. */
    public static AskedPlace of(DirectoryQuestion asked, @Nullable Condition codes) {
        String organization = asked.value("organization");
        String city = asked.value("city");
        String street = asked.value("street");
        return new AskedPlace(
                organization == null ? null : AskedName.of("organization", organization),
                city == null
                        ? List.of()
                        : spellings(FoldedText.fold(DirectoryQuestion.within("city", city, LONGEST_CITY))),
                street == null ? List.of() : streetWords(AskedName.of("street", street)),
                codes);
    }

    /** Saints are written out, or they are not. */
    private static List<String> spellings(String city) {
        List<String> spellings = new ArrayList<>(List.of(city));
        for (String[] pair : new String[][] {{"st ", "saint "}, {"ste ", "sainte "}}) {
            if (city.startsWith(pair[0])) {
                spellings.add(pair[1] + city.substring(pair[0].length()));
            } else if (city.startsWith(pair[1])) {
                spellings.add(pair[0] + city.substring(pair[1].length()));
            }
        }
        return spellings;
    }

    /** Numbers and what a street is are stored beside its name, abbreviated in many ways. */
    private static List<AskedName.Word> streetWords(AskedName street) {
        List<AskedName.Word> words = street.words();
        int first = 0;
        while (first < words.size() && isBeforeName(words.get(first).text())) {
            first++;
        }
        return first == words.size() ? words : words.subList(first, words.size());
    }

    private static boolean isBeforeName(String word) {
        return KINDS_OF_STREETS.contains(word) || word.matches("[0-9]+[a-d]?");
    }

    /** Whether something is asked of the address. */
    boolean hasAddress() {
        return !cities.isEmpty() || !street.isEmpty() || codes != null;
    }
}
