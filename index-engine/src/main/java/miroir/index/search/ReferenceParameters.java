package miroir.index.search;

import java.util.List;
import miroir.index.NearestName;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;

/** The parameters that lead from one type to another, and refusals of what leads nowhere. */
record ReferenceParameters(SearchParameterRegistry registry) {

    List<SearchParameter> of(String type) {
        return registry.of(type).stream()
                .filter(each -> each.searchType() == SearchParameterType.REFERENCE)
                .toList();
    }

    SearchParameter find(String type, String code) {
        SearchParameter found = registry.find(type, code);
        if (found != null && found.searchType() == SearchParameterType.REFERENCE) {
            return found;
        }
        List<String> references = of(type).stream().map(SearchParameter::code).toList();
        String what = found == null ? "it is not known for " : "it is not a reference of ";
        throw new Refusal(
                Refusal.Reason.INVALID,
                "\"" + Refusal.shown(code) + "\" leads nowhere: " + what + type + "; "
                        + NearestName.hint(code, references));
    }

    void requireServed(String type) {
        if (!registry.types().contains(type)) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the type \"" + Refusal.shown(type) + "\" is not known here; "
                            + NearestName.hint(type, List.copyOf(registry.types())));
        }
    }
}
