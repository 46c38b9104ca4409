package miroir.server.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.search.SearchExpression;
import miroir.index.search.SearchRequest;
import miroir.index.search.SearchableParameters;
import miroir.index.store.ResourceKey;

/**
 * Which resources are in a compartment: those that refer to the resource whose compartment it is, by one of the parameters that R4's
 * definition names for their type, and this resource itself. HAPI's structures have R4's definitions, and more: devices are in no
 * patient's compartment; and they name parameters that are parts of others, as {@code patient} is of {@code subject}.
 */
final class Compartments {
    private final FhirContext context;
    private final SearchableParameters searchable;
    private final SearchParameterRegistry registry;

    Compartments(FhirContext context, SearchableParameters searchable) {
        this.context = context;
        this.searchable = searchable;
        this.registry = searchable.registry();
    }

    /** The same search where the request is about a compartment, of what is in it. */
    SearchRequest within(FhirRequest request, SearchRequest search) {
        ResourceKey compartment = request.exchange().route().compartment();
        return compartment == null ? search : search.within(membership(compartment, search.type()));
    }

    /** The served types that may be in compartments of a type. */
    Set<String> types(String compartment) {
        Set<String> types = new TreeSet<>();
        registry.types().stream().filter(type -> mayHave(compartment, type)).forEach(types::add);
        return types;
    }

    /** What a resource of the type meets that is in this compartment. */
    SearchExpression membership(ResourceKey compartment, String type) {
        if (!mayHave(compartment.type(), type)) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "no " + type + " is in a compartment of the type "
                            + compartment.type() + "; of what is served, "
                            + String.join(", ", types(compartment.type())) + " may be");
        }
        List<SearchExpression> ways = new ArrayList<>();
        parameters(compartment.type(), type).forEach(parameter -> {
            searchable.require(parameter);
            ways.add(new SearchExpression.LocalReference(parameter, compartment.type(), compartment.id()));
        });
        if (type.equals(compartment.type())) {
            ways.add(new SearchExpression.Id(compartment.id()));
        }
        return new SearchExpression.Or(ways);
    }

    private boolean mayHave(String compartment, String type) {
        return type.equals(compartment)
                || parameters(compartment, type).findAny().isPresent();
    }

    private Stream<SearchParameter> parameters(String compartment, String type) {
        if (compartment.equals("Patient") && type.equals("Device")) {
            return Stream.of();
        }
        List<SearchParameter> all =
                context.getResourceDefinition(type).getSearchParamsForCompartmentName(compartment).stream()
                        .flatMap(defined -> Stream.ofNullable(registry.find(type, defined.getName())))
                        .filter(parameter -> parameter.searchType() == SearchParameterType.REFERENCE)
                        .filter(parameter -> parameter.targets().isEmpty()
                                || parameter.targets().contains(compartment))
                        .toList();
        return all.stream().filter(parameter -> all.stream().noneMatch(other -> isPart(parameter, other)));
    }

    private static boolean isPart(SearchParameter parameter, SearchParameter of) {
        return parameter.expression().startsWith(of.expression() + ".where(");
    }
}
