package miroir.server.pipeline;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import miroir.index.store.Copied;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;

/**
 * Says in every answer about resources how old they are, where they are copies: as of when the source is known, of the type that is asked for, or of all of them
 * the oldest.
 */
public final class AgeOfCopies {
    public static final String HEADER = "Miroir-Copied-As-Of";

    /** What it says where nothing was ever copied whole. */
    public static final String NEVER = "never";

    private final Supplier<Map<String, Copied>> copies;

    public AgeOfCopies(Supplier<Map<String, Copied>> copies) {
        this.copies = copies;
    }

    /** The value of the header; empty where no copies are concerned. */
    Optional<String> of(Route route) {
        if (route.interaction() == Interaction.PAGE || route.interaction() == Interaction.ADMIN) {
            return Optional.empty();
        }
        Map<String, Copied> known = copies.get();
        Copied ofType = known.get(route.type());
        return route.type().isEmpty()
                ? oldest(known.values()).map(AgeOfCopies::text)
                : Optional.ofNullable(ofType).map(AgeOfCopies::text);
    }

    private static Optional<Copied> oldest(Collection<Copied> all) {
        return all.stream().reduce(Copied::and);
    }

    /** As people and programs read it. */
    public static String text(Copied copied) {
        return copied.asOf() == null ? NEVER : copied.asOf().toString();
    }
}
