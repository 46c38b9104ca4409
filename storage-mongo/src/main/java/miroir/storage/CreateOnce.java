package miroir.storage;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import miroir.index.store.Criteria;
import miroir.index.store.Written;

/** Creates where a search finds nothing, so that of many who do so at the same time one creates. */
interface CreateOnce {
    /**
     * Creates, or finds.
     *
     * @param isFound whether something meets the criteria
     * @param create writes until the instant that it is given, and refuses as expired after that
     */
    Optional<Written> run(Criteria criteria, BooleanSupplier isFound, Function<Instant, Written> create);
}
