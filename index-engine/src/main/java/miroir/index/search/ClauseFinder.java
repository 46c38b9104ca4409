package miroir.index.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import miroir.index.NearestName;
import miroir.index.Refusal;
import miroir.index.Refusal.Reason;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import org.jspecify.annotations.Nullable;

/** From the name of a parameter to the way its values are read, or to the reason why there is none. */
final class ClauseFinder {
    /** What R4 defines beside the registry and is not offered. */
    private static final Set<String> OTHERS = Set.of(
            "_type",
            "_contained",
            "_containedType",
            "_text",
            "_content",
            "_list",
            "_query",
            "_filter",
            "_since",
            "_at",
            "near");

    private final SearchParameterRegistry registry;
    private final DateClauses dates;
    private final ReferenceClauses references;
    private final CompositeClauses composites;
    private final LinkClauses links;

    ClauseFinder(SearchParameterRegistry registry, DateClauses dates, ReferenceClauses references) {
        this.registry = registry;
        this.dates = dates;
        this.references = references;
        this.composites = new CompositeClauses(registry, part -> clause(part, null));
        this.links = new LinkClauses(registry, this::find);
    }

    /** How the parameter is read; every refusal may be ignored by a lenient client. */
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
        if (OTHERS.contains(name.code()) || (parameter != null && !Modifiers.searchable(parameter))) {
            throw new Refusal(Reason.NOT_SUPPORTED, notSupported(name, parameter));
        }
        if (Modifiers.isOfEveryType(name.code())) {
            return found(ofEveryType(name), type, name, Modifiers.ofEveryType(name.code()));
        }
        if (parameter == null) {
            throw new Refusal(Reason.INVALID, unknown(type, name.code()));
        }
        return found(clause(parameter, name.modifier()), type, name, Modifiers.of(parameter));
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
            case TOKEN -> TokenClauses.of(parameter, modifier);
            case STRING -> TextClauses.of(parameter, modifier);
            case REFERENCE -> references.of(parameter, modifier);
            case DATE -> dates.of(parameter, modifier);
            case URI -> UriClauses.of(parameter, modifier);
            case NUMBER, QUANTITY -> QuantityClauses.of(parameter, modifier);
            case COMPOSITE -> composites.of(parameter, modifier);
            case SPECIAL -> null;
        };
    }

    private static Clause found(@Nullable Clause clause, String type, ParameterName name, List<String> modifiers) {
        if (clause == null) {
            throw unknownModifier(type, name, modifiers);
        }
        return clause;
    }

    private static Refusal unknownModifier(String type, ParameterName name, List<String> modifiers) {
        String modifier = Refusal.shown(String.valueOf(name.modifier()));
        String allowed = modifiers.isEmpty() ? "none" : ":" + String.join(", :", modifiers);
        return Modifiers.IN_R4.contains(modifier)
                ? new Refusal(
                        Reason.NOT_SUPPORTED,
                        "the modifier :" + modifier + " is not supported by this server for " + name.code() + " of "
                                + type + "; allowed are " + allowed)
                : new Refusal(
                        Reason.INVALID,
                        "the modifier :" + modifier + " is not known for " + name.code() + " of " + type + "; "
                                + NearestName.hint(modifier, modifiers));
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
        names.add(LinkClauses.HAS);
        names.add(InclusionParameters.INCLUDE);
        names.add(InclusionParameters.REVINCLUDE);
        names.add(SortParameter.NAME);
        names.addAll(ResultParameters.NAMES);
        return names;
    }
}
