package miroir.server.validation;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.SearchParameterRegistry;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.terminology.FindByUrl;
import org.bson.RawBsonDocument;

/**
 * Those in the store, by its indexes; each look has its time. They are the server's, as its packages are: whoever may have a resource validated
 * may have that done by them.
 */
public final class DefinitionsInStore implements StoredDefinitions {
    private static final Caller SERVER = Caller.everyone();

    private final ResourceStore store;
    private final SearchParameterRegistry registry;
    private final Duration patience;
    private final Set<String> types;

    private DefinitionsInStore(
            ResourceStore store, SearchParameterRegistry registry, Duration patience, Set<String> types) {
        this.store = store;
        this.registry = registry;
        this.patience = patience;
        this.types = types;
    }

    /**
     * Of the types that are served.
     *
     * @param patience how long one look may take
     */
    public static StoredDefinitions in(ResourceStore store, SearchParameterRegistry registry, Duration patience) {
        Set<String> types = Stream.of("StructureDefinition", "ValueSet", "CodeSystem")
                .filter(registry.types()::contains)
                .collect(Collectors.toSet());
        return types.isEmpty() ? StoredDefinitions.none() : new DefinitionsInStore(store, registry, patience, types);
    }

    @Override
    public Optional<RawBsonDocument> find(String type, String canonical) {
        if (!types.contains(type)) {
            return Optional.empty();
        }
        return look(deadline -> new FindByUrl(store, registry, SERVER, null, deadline)
                .ofCanonical(type, canonical).stream()
                        .flatMap(stamp -> store.readVersion(SERVER, stamp.key(), stamp.version()).stream())
                        .filter(ResourceVersion.Live.class::isInstance)
                        .map(live -> ((ResourceVersion.Live) live).fhir())
                        .findFirst());
    }

    @Override
    public Instant present() {
        return look(deadline -> store.settled(SERVER, Duration.ZERO, deadline));
    }

    @Override
    public boolean isUnchangedSince(Instant present) {
        return look(deadline -> store.isUnchangedSince(SERVER, types, present, deadline));
    }

    /** Whoever validates holds memory, and so has another turn than searches. */
    private <T> T look(Function<Deadline, T> look) {
        Deadline deadline = Deadline.in(patience);
        return store.lookUp(deadline, () -> look.apply(deadline));
    }
}
