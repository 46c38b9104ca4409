package miroir.server.fhir;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;

/**
 * Where a copy is now that is not any more under the id by which it is asked for.
 *
 * <p>The problem: the directory gives new technical ids to the same practitioners and places, and whoever kept the old ones is left with nothing.
 *
 * <p>The approach: nothing has to be written down for it. When the old id vanishes there, the copy is deleted here, and history keeps what it was; so whoever
 * reads the old id is led to what has its business identifiers today. Most of them decide, and two that have as many of them are no answer. It works as long as
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
                .flatMap(last -> among(request, FindByIdentifier.tokens((ResourceVersion.Live) last)));
    }

    private Optional<ResourceKey> among(FhirRequest request, Set<String> identifiers) {
        if (identifiers.isEmpty()) {
            return Optional.empty();
        }
        List<ResourceVersion.Live> found;
        try {
            found = findByIdentifier.run(request, List.copyOf(identifiers), Deadline.in(patience));
        } catch (Refusal refusal) {
            // Who cannot be told where it is now is told that it is gone.
            return Optional.empty();
        }
        List<ResourceVersion.Live> best = new ArrayList<>();
        long most = 1;
        for (ResourceVersion.Live each : FindByIdentifier.active(found)) {
            long shared = FindByIdentifier.tokens(each).stream()
                    .filter(identifiers::contains)
                    .count();
            if (shared > most) {
                best.clear();
            }
            if (shared >= most) {
                best.add(each);
                most = shared;
            }
        }
        return best.size() == 1 ? Optional.of(best.get(0).key()) : Optional.empty();
    }
}
