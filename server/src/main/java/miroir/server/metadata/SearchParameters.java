package miroir.server.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.search.CodeModifiers;
import miroir.index.search.Modifiers;
import miroir.index.search.Prefix;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceSearchParamComponent;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;

/** Describes the search parameters of a type as far as they can be searched. */
final class SearchParameters {
    private static final Set<SearchParameterType> PREFIXED =
            Set.of(SearchParameterType.DATE, SearchParameterType.NUMBER, SearchParameterType.QUANTITY);

    private static final String PENDING =
            "Not yet: what is stored is being made ready for it, and until that is done searches by it are"
                    + " refused with 503";

    private SearchParameters() {}

    static List<CapabilityStatementRestResourceSearchParamComponent> of(
            SearchParameterRegistry registry, Set<String> pending, String type) {
        CodeModifiers modifiers = new CodeModifiers(registry);
        return registry.of(type).stream()
                .filter(Modifiers::searchable)
                .map(parameter ->
                        described(parameter, modifiers.of(parameter), pending.contains(Capabilities.name(parameter))))
                .toList();
    }

    /** The values of {@code _include}. */
    static List<String> includes(SearchParameterRegistry registry, String type) {
        List<String> all = new ArrayList<>(List.of("*"));
        references(registry, type).map(SearchParameters::included).forEach(all::add);
        return all;
    }

    /** The values of {@code _revinclude}: all that may refer to the type. */
    static List<String> reverseIncludes(SearchParameterRegistry registry, String type) {
        return registry.types().stream()
                .flatMap(other -> references(registry, other))
                .filter(reference ->
                        reference.targets().isEmpty() || reference.targets().contains(type))
                .map(SearchParameters::included)
                .toList();
    }

    private static Stream<SearchParameter> references(SearchParameterRegistry registry, String type) {
        return registry.of(type).stream().filter(each -> each.searchType() == SearchParameterType.REFERENCE);
    }

    private static String included(SearchParameter reference) {
        return reference.type() + ":" + reference.code();
    }

    private static CapabilityStatementRestResourceSearchParamComponent described(
            SearchParameter parameter, List<String> ofCodes, boolean pending) {
        CapabilityStatementRestResourceSearchParamComponent component =
                new CapabilityStatementRestResourceSearchParamComponent();
        component.setName(parameter.code());
        if (!parameter.definition().isEmpty()) {
            component.setDefinition(parameter.definition());
        }
        component.setType(SearchParamType.fromCode(parameter.searchType().code()));
        component.setDocumentation(documentation(parameter, ofCodes, pending));
        return component;
    }

    private static String documentation(SearchParameter parameter, List<String> ofCodes, boolean pending) {
        List<String> sentences = new ArrayList<>();
        if (pending) {
            sentences.add(PENDING);
        }
        String inBoth = Stream.of(parameter.description(), parameter.french())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" · "));
        if (!inBoth.isEmpty()) {
            sentences.add(inBoth);
        }
        String modifiers = Stream.concat(Modifiers.of(parameter).stream(), ofCodes.stream())
                .map(modifier -> ":" + modifier)
                .collect(Collectors.joining(", "));
        sentences.add("Modifiers: " + modifiers + targets(parameter));
        if (PREFIXED.contains(parameter.searchType())) {
            sentences.add("Prefixes: " + Prefix.ALL);
        }
        if (!parameter.indexed()) {
            sentences.add("Not indexed: searched alone, it takes time that grows with the data, and may be refused");
        }
        return String.join(". ", sentences) + ".";
    }

    private static String targets(SearchParameter parameter) {
        return parameter.targets().isEmpty()
                ? ""
                : parameter.targets().stream().map(type -> ", :" + type).collect(Collectors.joining());
    }
}
