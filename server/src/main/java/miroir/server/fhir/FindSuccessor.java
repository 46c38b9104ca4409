package miroir.server.fhir;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import miroir.index.store.Page;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;

/**
 * Where a copy is now that is not any more under the id by which it is asked for.
 *
 * <p>The problem: the directory gives new technical ids to the same practitioners and places, and whoever kept the old ones is left with nothing.
 *
 * <p>The approach: nothing has to be written down for it. When the old id vanishes there, the copy is deleted here, and history keeps what it was; so whoever
 * reads the old id is led to what has its business identifiers today. It has to have most of them, and two of which that holds are no answer. It works as long as
 * history is kept ({@code history.retention}), and ends with an erasure, as it should.
 *
 * <p>Only types that are copied have successors: what a client deleted is deleted.
 */
final class FindSuccessor {
    private final ResourceStore store;
    private final FindByIdentifier findByIdentifier;
    private final Duration patience;

    FindSuccessor(ResourceStore store, FindByIdentifier findByIdentifier, Duration patience) {
        this.store = store;
        this.findByIdentifier = findByIdentifier;
        this.patience = patience;
    }

    Optional<ResourceKey> run(FhirRequest request, ResourceVersion.Deleted deleted) {
        if (deleted.erased() || !store.copies().containsKey(deleted.key().type())) {
            return Optional.empty();
        }
        return store.readVersion(request.caller(), deleted.key(), deleted.version() - 1)
                .filter(ResourceVersion.Live.class::isInstance)
                .flatMap(last -> among(request, findByIdentifier.tokens((ResourceVersion.Live) last)));
    }

    private Optional<ResourceKey> among(FhirRequest request, Set<String> identifiers) {
        if (identifiers.isEmpty()) {
            return Optional.empty();
        }
        Page found = findByIdentifier.atOnce(request, identifiers, request.deadline(patience));
        List<ResourceVersion.Live> same = FindByIdentifier.active(found.resources()).stream()
                .filter(each -> hasMost(findByIdentifier.tokens(each), identifiers))
                .toList();
        return same.size() == 1 && !found.more() ? Optional.of(same.get(0).key()) : Optional.empty();
    }

    /** One in common is not enough: establishments share the number of their owner. */
    private static boolean hasMost(Set<String> some, Set<String> identifiers) {
        return 2 * some.stream().filter(identifiers::contains).count() > identifiers.size();
    }
}
