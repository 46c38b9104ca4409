package miroir.simulator.life;

import java.util.Map;
import miroir.simulator.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One run of the loader upstream.
 *
 * @param night which night of the directory's life it is; -1 for what happens by command
 * @param begin in milliseconds; everything that it does has an instant from this one on
 * @param end everything that it does has an instant before this one
 * @param renumbers whether technical ids change in it
 */
record Load(int night, long begin, long end, Map<Kind, Batch> batches, boolean renumbers) {
    static Load of(int night, long begin, long end, Map<Kind, Batch> batches) {
        return new Load(night, begin, end, batches, batches.values().stream().anyMatch(Batch::renumbers));
    }

    @Nullable
    Batch of(Kind kind) {
        return batches.get(kind);
    }
}
