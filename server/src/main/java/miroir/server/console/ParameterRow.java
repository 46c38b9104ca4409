package miroir.server.console;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.search.Modifiers;
import miroir.server.pages.Language;

/**
 * A search parameter, as people read of it.
 *
 * @param kind of its values, as FHIR calls it
 * @param modifiers that work, with their colons
 * @param isIndexed whether it takes the same time however much there is
 * @param example criteria that are answered
 */
record ParameterRow(
        String code,
        String kind,
        List<String> modifiers,
        boolean isIndexed,
        boolean isSortable,
        Description description,
        String example) {
    /** A reference may lead to any type; so many are named. */
    private static final int MOST_TARGETS = 6;

    ParameterRow {
        modifiers = List.copyOf(modifiers);
    }

    /** What it selects. */
    record Description(String text, Language language) {
        boolean isIn(Language other) {
            return text.isEmpty() || language == other;
        }
    }

    static ParameterRow of(Language language, SearchParameter parameter, ParameterExamples examples) {
        return new ParameterRow(
                parameter.code(),
                parameter.searchType().code(),
                Stream.concat(
                                Modifiers.of(parameter).stream(),
                                parameter.targets().stream().limit(MOST_TARGETS))
                        .map(modifier -> ":" + modifier)
                        .toList(),
                parameter.indexed() || parameter.isBuiltIn(),
                parameter.sortable() || parameter.isBuiltIn(),
                description(language, parameter),
                examples.of(parameter));
    }

    /** In that language where it is known in it: of those of the specification we know French words. */
    static Description description(Language language, SearchParameter parameter) {
        if (language == Language.FR) {
            String french = parameter.french().isEmpty()
                    ? FrenchWords.PARAMETERS.find(parameter.type(), parameter.code())
                    : parameter.french();
            if (french != null) {
                return new Description(french, Language.FR);
            }
        }
        return new Description(parameter.description(), Language.EN);
    }

    /** The key of what its kind is called. */
    String kindKey() {
        return "param.kind." + kind.toLowerCase(Locale.ROOT);
    }
}
