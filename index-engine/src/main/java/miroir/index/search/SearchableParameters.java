package miroir.index.search;

import java.util.Optional;
import java.util.function.BiFunction;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;

/**
 * The parameters by which resources can be searched at present. Whoever makes a condition on the fields of a parameter requires it here: while
 * they are being made for what is stored already, a search by them would miss matches.
 *
 * @param pending why a type cannot be searched by the parameter of that name yet, in a sentence; empty where it can
 */
public record SearchableParameters(
        SearchParameterRegistry registry, BiFunction<String, String, Optional<String>> pending) {

    /** Where everything can be searched. */
    public static SearchableParameters all(SearchParameterRegistry registry) {
        return new SearchableParameters(registry, (type, code) -> Optional.empty());
    }

    public boolean isPending(SearchParameter parameter) {
        return pending.apply(parameter.type(), parameter.code()).isPresent();
    }

    /** Refuses a parameter that cannot be searched yet. */
    public void require(SearchParameter parameter) {
        pending.apply(parameter.type(), parameter.code()).ifPresent(why -> {
            throw new Refusal(Refusal.Reason.NOT_READY, why);
        });
    }
}
