package miroir.server.console;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import miroir.storage.sync.Rejection;
import miroir.storage.sync.Run;
import org.jspecify.annotations.Nullable;

/** The first page of what runs that somebody looks at could not take. It can be megabytes, since each has what came with it: it is read again only where the run counts others than it did. */
final class KnownRejections {
    private static final int MOST = 16;

    private final Function<String, Run> all;
    private final Map<String, RejectionList> known = new LinkedHashMap<>();

    /** @param all reads a run with all that it could not take */
    KnownRejections(Function<String, Run> all) {
        this.all = all;
    }

    /**
     * Of a run.
     *
     * @param run as it is now, without what it could not take
     */
    RejectionList of(Run run) {
        RejectionList before = known(run.id());
        // What is read now may be of later than what is counted: then it is read once more the next time.
        return before == null ? keep(read(run)) : now(before, run);
    }

    private RejectionList now(RejectionList before, Run run) {
        if (before.rejected() == run.counts().rejected()) {
            return before;
        }
        // Beyond what is kept of a run there is nothing to read, only to count.
        return keep(
                before.kept() < Rejection.KEPT
                        ? read(run)
                        : before.counting(run.counts().rejected()));
    }

    private RejectionList read(Run run) {
        long rejected = run.counts().rejected();
        return RejectionList.of(rejected == 0 ? run : all.apply(run.id())).counting(rejected);
    }

    private synchronized @Nullable RejectionList known(String run) {
        return known.get(run);
    }

    private synchronized RejectionList keep(RejectionList list) {
        known.remove(list.run());
        known.put(list.run(), list);
        if (known.size() > MOST) {
            known.remove(known.keySet().iterator().next());
        }
        return list;
    }
}
