package miroir.server.fhir;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.store.Scope;
import miroir.index.store.SearchFields;
import miroir.server.paging.PageToken;

/**
 * What a search means to its pages: the fields that its parameters have, and what who asks sees of the types that it is about. A link to a page
 * ends when one of them changes, for its pages would be of no instant; whatever else is searched, or allowed, may change meanwhile.
 */
final class PageMeaning {
    private final SearchFields fields;
    private final Map<SearchParameter, String> digests = new ConcurrentHashMap<>();

    PageMeaning(SearchFields fields) {
        this.fields = fields;
    }

    /** Of a search by these parameters, about these types, for one who sees so much. */
    int of(Set<SearchParameter> parameters, Set<String> types, Scope seen) {
        String meant = parameters.stream()
                .map(parameter -> digests.computeIfAbsent(parameter, fields::digest))
                .sorted()
                .collect(Collectors.joining(" "));
        return (seen.isEverything() ? meant : meant + shown(types, seen)).hashCode();
    }

    private static String shown(Set<String> types, Scope seen) {
        return types.stream()
                .sorted()
                .map(type -> " " + type + " " + seen.of(type))
                .collect(Collectors.joining());
    }

    /** Reads the query of a token again: what was understood once, and is not now, was by parameters that are not any more. */
    static <T> T understood(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (Refusal refused) {
            throw switch (refused.reason()) {
                case INVALID, NOT_SUPPORTED, NOT_UNDERSTOOD -> PageToken.outdated();
                default -> refused;
            };
        }
    }

    /** Refuses a link to a page of a search that meant something else. */
    void requireSame(PageToken token, Set<SearchParameter> parameters, Set<String> types, Scope seen) {
        if (token.meaning() != of(parameters, types, seen)) {
            throw PageToken.outdated();
        }
    }
}
