package miroir.index.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.NearestName;
import miroir.index.Refusal;
import miroir.index.Refusal.Reason;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import org.jspecify.annotations.Nullable;

/** From the name of a parameter to the way its values are read, or to the reason why there is none. */
final class ClauseFinder {
    /** What R4 defines beside the registry and is not offered. Each says which resources are meant, so without it the answer would be to another question. */
    private static final Set<String> OTHERS =
            Set.of("_type", "_contained", "_containedType", "_text", "_content", "_filter", "_since", "_at", "near");

    /** A query that goes by a name: R4 wants it refused where the name is not known, which none is here. */
    private static final String NAMED_QUERY = "_query";

    private static final String IN_LIST = "_list";

    private final SearchParameterRegistry registry;
    private final DateClauses dates;
    private final ReferenceClauses references;
    private final TokenClauses tokens;
    private final CompositeClauses composites;
    private final LinkClauses links;
    private final CodeModifiers codeModifiers;
    private final CodeClauses codes;

    ClauseFinder(
            SearchParameterRegistry registry,
            DateClauses dates,
            ReferenceClauses references,
            Terminology terminology,
            SameSystems systems) {
        this.registry = registry;
        this.dates = dates;
        this.references = references;
        this.composites = new CompositeClauses(registry, part -> clause(part, null));
        this.tokens = new TokenClauses(systems);
        this.links = new LinkClauses(registry, this::find);
        this.codeModifiers = new CodeModifiers(registry);
        this.codes = new CodeClauses(codeModifiers, terminology, references::relative);
    }

    /** The types of the value sets and code systems that decided what was read so far. */
    Set<String> consulted() {
        return codes.consulted();
    }

    /** Refuses what was read so far if it is about too many codes together. */
    void requireFewCodes() {
        codes.requireFew();
    }

    /** How the parameter is read; a lenient client has it left out where it is refused, unless it must be understood. */
    Clause find(String type, String name) {
        return find(type, name, 0);
    }

    private Clause find(String type, String name, int depth) {
        return LinkClauses.isLink(name) ? links.find(type, name, depth) : find(type, ParameterName.of(name));
    }

    private Clause find(String type, ParameterName name) {
        SearchParameter parameter = registry.find(type, name.code());
        if (name.code().equals(LinkClauses.HAS)) {
            throw LinkClauses.incomplete();
        }
        if (name.code().equals(NAMED_QUERY)) {
            throw new Refusal(Reason.NOT_UNDERSTOOD, "no query goes by a name here; allowed are search parameters");
        }
        if (OTHERS.contains(name.code()) || (parameter != null && !Modifiers.searchable(parameter))) {
            throw new Refusal(Reason.NOT_UNDERSTOOD, notSupported(name, parameter));
        }
        if (name.code().equals(IN_LIST)) {
            return found(inList(type, name.modifier()), type, name, List.of(), List.of());
        }
        if (Modifiers.isOfEveryType(name.code())) {
            return found(ofEveryType(name), type, name, Modifiers.ofEveryType(name.code()), List.of());
        }
        if (parameter == null) {
            throw new Refusal(Reason.INVALID, unknown(type, name.code()));
        }
        String modifier = name.modifier();
        Clause coded = modifier == null ? null : codes.of(parameter, modifier);
        if (coded != null) {
            return coded;
        }
        Clause clause = clause(parameter, modifier);
        return clause != null || modifier == null
                ? found(clause, type, name, List.of(), List.of())
                : found(null, type, name, modifiers(parameter), codeModifiers.lacking(parameter, modifier));
    }

    /** To be in a list is that it has an item that refers here. Lists that go by a name, such as $current-problems, are not known. */
    private @Nullable Clause inList(String type, @Nullable String modifier) {
        SearchParameter item = registry.find("List", "item");
        if (item == null) {
            throw new Refusal(
                    Reason.NOT_UNDERSTOOD, IN_LIST + " is not supported by this server" + hint(List.of("List")));
        }
        return modifier == null ? links.find(type, LinkClauses.HAS + ":List:item:_id", 0) : null;
    }

    private List<String> modifiers(SearchParameter parameter) {
        return Stream.concat(Modifiers.of(parameter).stream(), codeModifiers.of(parameter).stream())
                .toList();
    }

    private @Nullable Clause ofEveryType(ParameterName name) {
        return name.code().equals("_id") ? IdClauses.of(name.modifier()) : lastUpdated(name.modifier());
    }

    private @Nullable Clause lastUpdated(@Nullable String modifier) {
        return modifier == null
                ? Clause.of(dates::lastUpdated)
                : modifier.equals(Modifiers.MISSING) ? IdClauses.neverMissing() : null;
    }

    private @Nullable Clause clause(SearchParameter parameter, @Nullable String modifier) {
        return switch (parameter.searchType()) {
            case TOKEN -> tokens.of(parameter, modifier);
            case STRING -> TextClauses.of(parameter, modifier);
            case REFERENCE -> references.of(parameter, modifier);
            case DATE -> dates.of(parameter, modifier);
            case URI -> UriClauses.of(parameter, modifier, version(parameter));
            case NUMBER, QUANTITY -> QuantityClauses.of(parameter, modifier);
            case COMPOSITE -> composites.of(parameter, modifier);
            case SPECIAL -> null;
        };
    }

    /** That of a resource that canonicals call by this parameter. */
    private @Nullable SearchParameter version(SearchParameter uri) {
        SearchParameter version = uri.code().equals("url") ? registry.find(uri.type(), "version") : null;
        return version != null && version.searchType() == SearchParameterType.TOKEN ? version : null;
    }

    private static Clause found(
            @Nullable Clause clause,
            String type,
            ParameterName name,
            List<String> modifiers,
            List<String> lackingTypes) {
        if (clause == null) {
            throw unknownModifier(type, name, modifiers, lackingTypes);
        }
        return clause;
    }

    private static Refusal unknownModifier(
            String type, ParameterName name, List<String> modifiers, List<String> lackingTypes) {
        String modifier = Refusal.shown(String.valueOf(name.modifier()));
        String allowed = modifiers.isEmpty() ? "none" : ":" + String.join(", :", modifiers);
        return Modifiers.IN_R4.contains(modifier)
                ? new Refusal(
                        Reason.NOT_UNDERSTOOD,
                        "the modifier :" + modifier + " is not supported by this server for " + name.code() + " of "
                                + type + "; allowed are " + allowed + hint(lackingTypes))
                : new Refusal(
                        Reason.NOT_UNDERSTOOD,
                        "the modifier :" + modifier + " is not known for " + name.code() + " of " + type + "; "
                                + NearestName.hint(modifier, modifiers));
    }

    private static String hint(List<String> lackingTypes) {
        return lackingTypes.isEmpty()
                ? ""
                : "; it needs " + String.join(" and ", lackingTypes) + " among the types that are served (fhir.types)";
    }

    private static String notSupported(ParameterName name, @Nullable SearchParameter parameter) {
        return parameter == null
                ? name.code() + " is not supported by this server"
                : "parameters of type " + parameter.searchType().code() + " are not supported by this server";
    }

    private String unknown(String type, String code) {
        return "it is not known for " + type + "; " + NearestName.hint(code, names(type));
    }

    private List<String> names(String type) {
        List<String> names = new ArrayList<>(List.of("_id", "_lastUpdated"));
        registry.of(type).stream()
                .filter(Modifiers::searchable)
                .map(SearchParameter::code)
                .filter(code -> !names.contains(code))
                .forEach(names::add);
        if (registry.find("List", "item") != null) {
            names.add(IN_LIST);
        }
        names.add(LinkClauses.HAS);
        names.add(InclusionParameters.INCLUDE);
        names.add(InclusionParameters.REVINCLUDE);
        names.add(SortParameter.NAME);
        names.addAll(ResultParameters.NAMES);
        return names;
    }
}
