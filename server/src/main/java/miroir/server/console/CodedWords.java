package miroir.server.console;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.index.path.RawValue;

/**
 * What the codes of people say: the label that the answer has beside them, or else the code. By which table a code is of, one knows what it says; a
 * directory that has none of these tables shows all qualifications as professions.
 */
final class CodedWords {
    private static final Pattern TABLE = Pattern.compile("(?i)TRE[-_]([GR][0-9]+)-");
    private static final Set<String> PROFESSIONS = Set.of("G15", "R94", "R95", "R291");
    private static final Set<String> SPECIALTIES =
            Set.of("R38", "R39", "R40", "R42", "R43", "R44", "R45", "R97", "R359", "R394", "G13");
    private static final Set<String> FUNCTIONS = Set.of("R21", "R85", "R96");

    private CodedWords() {}

    /** What a practitioner is. */
    static List<String> professions(RawValue practitioner) {
        List<RawValue> qualifications = qualifications(practitioner);
        boolean hasTables =
                codings(qualifications).anyMatch(coding -> !table(coding).isEmpty());
        return words(qualifications, coding -> !hasTables || PROFESSIONS.contains(table(coding)));
    }

    /** In what they are more than others. */
    static List<String> specialties(RawValue practitioner) {
        return words(qualifications(practitioner), coding -> SPECIALTIES.contains(table(coding)));
    }

    /** Of some only a role says what they are. */
    static List<String> professionsOfRole(RawValue role) {
        return words(role.all("code"), coding -> PROFESSIONS.contains(table(coding)));
    }

    /** What somebody is at a place. */
    static List<String> functions(RawValue role) {
        return words(role.all("code"), coding -> FUNCTIONS.contains(table(coding)));
    }

    private static List<RawValue> qualifications(RawValue practitioner) {
        return practitioner.all("qualification").stream()
                .map(each -> each.get("code"))
                .filter(Objects::nonNull)
                .toList();
    }

    private static Stream<RawValue> codings(List<RawValue> concepts) {
        return concepts.stream().flatMap(concept -> concept.all("coding").stream());
    }

    private static List<String> words(List<RawValue> concepts, Predicate<RawValue> isMeant) {
        return concepts.stream()
                .flatMap(concept ->
                        concept.all("coding").stream().filter(isMeant).map(coding -> word(concept, coding)))
                .filter(word -> !word.isEmpty())
                .distinct()
                .toList();
    }

    private static String word(RawValue concept, RawValue coding) {
        return Stream.of("display", "code")
                .map(coding::text)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Objects.requireNonNullElse(concept.text("text"), ""));
    }

    /** The short name of the table in a URL such as {@code …/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale}. */
    private static String table(RawValue coding) {
        Matcher table = TABLE.matcher(Objects.requireNonNullElse(coding.text("system"), ""));
        return table.find() ? table.group(1).toUpperCase(Locale.ROOT) : "";
    }
}
