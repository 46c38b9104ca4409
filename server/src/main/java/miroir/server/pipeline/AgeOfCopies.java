package miroir.server.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.search.QueryParameter;
import miroir.index.store.Copied;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;
import miroir.server.routing.Router;

/**
 * Says in every answer about resources how old they are, where they are copies: as of when the source is known, of the types that are asked for the oldest.
 */
public final class AgeOfCopies {
    public static final String HEADER = "Miroir-Copied-As-Of";

    /** What it says where nothing was ever copied whole. */
    public static final String NEVER = "never";

    private final Supplier<Map<String, Copied>> copies;

    public AgeOfCopies(Supplier<Map<String, Copied>> copies) {
        this.copies = copies;
    }

    /** The value of the header; empty where no copies are concerned, or it is not known yet which. */
    Optional<String> of(Route route) {
        return route.type().isEmpty() ? Optional.empty() : of(Set.of(route.type()));
    }

    /** The same once it is known what is asked: a search of several types says which. */
    Optional<String> of(Route route, List<QueryParameter> query) {
        if (!route.type().isEmpty()
                || route.interaction() == Interaction.PAGE
                || route.interaction() == Interaction.CONSOLE
                || route.interaction() == Interaction.ADMIN) {
            return of(route);
        }
        if (route.interaction().isOfDirectory()) {
            return of(Router.DIRECTORY);
        }
        Set<String> named = query.stream()
                .filter(parameter -> parameter.name().equals("_type"))
                .flatMap(parameter -> Stream.of(parameter.value().split(",", -1)))
                .collect(Collectors.toSet());
        return named.isEmpty() ? of(copies.get().keySet()) : of(named);
    }

    private Optional<String> of(Set<String> types) {
        Map<String, Copied> known = copies.get();
        return types.stream()
                .map(known::get)
                .filter(Objects::nonNull)
                .reduce(Copied::and)
                .map(AgeOfCopies::text);
    }

    /** As people and programs read it. */
    public static String text(Copied copied) {
        return copied.asOf() == null ? NEVER : copied.asOf().toString();
    }
}
