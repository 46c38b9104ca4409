package miroir.server.validation;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.search.SearchableParameters;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.SearchInForce;
import miroir.index.terminology.FindByUrl;
import org.bson.RawBsonDocument;

/**
 * Those in the store, by its indexes; each look has its time. They are the server's, as its packages are: whoever may have a resource validated
 * may have that done by them.
 */
public final class DefinitionsInStore implements StoredDefinitions {
    private static final Caller SERVER = Caller.everyone();

    private final Supplier<SearchInForce> inForce;
    private final Function<SearchInForce, ResourceStore> stores;
    private final Duration patience;
    private final Set<String> types;

    private DefinitionsInStore(
            Supplier<SearchInForce> inForce,
            Function<SearchInForce, ResourceStore> stores,
            Duration patience,
            Set<String> types) {
        this.inForce = inForce;
        this.stores = stores;
        this.patience = patience;
        this.types = types;
    }

    /**
     * Of the types that are served.
     *
     * @param present what is searched at the moment of asking
     * @param stores the store as that searches it
     * @param patience how long one look may take
     */
    public static StoredDefinitions in(
            Supplier<SearchInForce> present, Function<SearchInForce, ResourceStore> stores, Duration patience) {
        Set<String> types = Stream.of("StructureDefinition", "ValueSet", "CodeSystem")
                .filter(present.get().made().registry().types()::contains)
                .collect(Collectors.toSet());
        return types.isEmpty() ? StoredDefinitions.none() : new DefinitionsInStore(present, stores, patience, types);
    }

    @Override
    public Optional<RawBsonDocument> find(String type, String canonical) {
        if (!types.contains(type)) {
            return Optional.empty();
        }
        SearchInForce taken = inForce.get();
        SearchableParameters searchable = new SearchableParameters(taken.made().registry(), taken.pending()::why);
        return look(
                taken,
                (store, deadline) -> new FindByUrl(store, searchable, SERVER, null, deadline)
                        .ofCanonical(type, canonical).stream()
                                .flatMap(stamp -> store.readVersion(SERVER, stamp.key(), stamp.version()).stream())
                                .filter(ResourceVersion.Live.class::isInstance)
                                .map(live -> ((ResourceVersion.Live) live).fhir())
                                .findFirst());
    }

    @Override
    public Instant present() {
        return look(inForce.get(), (store, deadline) -> store.settled(SERVER, Duration.ZERO, deadline));
    }

    @Override
    public boolean isUnchangedSince(Instant present) {
        return look(inForce.get(), (store, deadline) -> store.isUnchangedSince(SERVER, types, present, deadline));
    }

    /** Whoever validates holds memory, and so has another turn than searches. */
    private <T> T look(SearchInForce taken, BiFunction<ResourceStore, Deadline, T> look) {
        Deadline deadline = Deadline.in(patience);
        ResourceStore store = stores.apply(taken);
        return store.lookUp(deadline, () -> look.apply(store, deadline));
    }
}
