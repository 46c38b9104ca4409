package miroir.server.directory;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
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
                        : spellings(folded("city", DirectoryQuestion.within("city", city, LONGEST_CITY))),
                street == null ? List.of() : streetWords(AskedName.of("street", street)),
                codes);
    }

    /** Something has to be left of it. */
    static String folded(String name, String value) {
        String folded = FoldedText.fold(value);
        if (folded.isEmpty()) {
            throw DirectoryQuestion.refused(name + " has no letter to look for");
        }
        return folded;
    }

    /** Saints are written out, or they are not, wherever they stand in the name of a town. */
    private static List<String> spellings(String city) {
        return Stream.of(city, city.replaceAll("\\bst(e?)\\b", "saint$1"), city.replaceAll("\\bsaint(e?)\\b", "st$1"))
                .distinct()
                .toList();
    }

    /** Numbers and what a street is are stored beside its name, abbreviated in many ways. */
    private static List<AskedName.Word> streetWords(AskedName street) {
        List<AskedName.Word> words = street.words();
        int first = 0;
        while (first < words.size() && isBeforeName(words.get(first).text())) {
            first++;
        }
        if (words.isEmpty()) {
            throw DirectoryQuestion.refused("street has no word to look for, but a number or a letter");
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
