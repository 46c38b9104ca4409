package miroir.server.reports;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryPosition;
import miroir.index.store.HistoryQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.server.format.AnswerFormat;
import miroir.server.pipeline.WorkingMemory;
import org.jspecify.annotations.Nullable;

/**
 * Goes through what was written in a time, newest first, and tells of each version what it changed.
 *
 * <p>Of a page of the history the versions before are read one by one, where there were any: a first load of millions has none, and an ordinary day has some thousands.
 * What a page holds is let go before the next one is read, whoever takes it as slowly as he likes.
 */
final class WalkChanges {
    private static final int PAGE = 100;
    /** As all types are called where memory is asked for. */
    private static final String ANY = "";

    private final ReportParts parts;
    private final Asking asking;

    WalkChanges(ReportParts parts, Asking asking) {
        this.parts = parts;
        this.asking = asking;
    }

    /** Makes something of a page while it is there. */
    interface Prepare<T> {
        T from(List<Change> page, ResourceStore store, Caller caller, Deadline deadline);
    }

    /** Takes what was made of a page. */
    interface Take<T> {
        void take(T page) throws IOException;
    }

    /**
     * All of it.
     *
     * @param until a settled instant
     * @param deadlines how long each page may take
     */
    <T> void run(
            Set<String> types,
            Instant since,
            Instant until,
            Supplier<Deadline> deadlines,
            Prepare<T> prepare,
            Take<T> take)
            throws IOException {
        HistoryPosition after = null;
        boolean more = !types.isEmpty() && !since.isAfter(until);
        while (more) {
            Page<T> page = page(types, since, until, after, deadlines.get(), prepare);
            take.take(page.made());
            after = page.end();
            more = page.more();
        }
    }

    private record Page<T>(T made, boolean more, @Nullable HistoryPosition end) {}

    private <T> Page<T> page(
            Set<String> types,
            Instant since,
            Instant until,
            @Nullable HistoryPosition after,
            Deadline deadline,
            Prepare<T> prepare) {
        ResourceStore store = parts.store();
        Caller caller = asking.caller();
        HistoryQuery query = new HistoryQuery(new HistoryQuery.Types(types), since, null, until, after, PAGE, deadline);
        return asking.inTurn(store, ANY, PAGE, deadline, held -> read(store, caller, query, held, prepare));
    }

    private static <T> Page<T> read(
            ResourceStore store, Caller caller, HistoryQuery query, WorkingMemory.Held held, Prepare<T> prepare) {
        HistoryPage found = store.history(caller, query);
        held.read(found.versions(), AnswerFormat.PLAIN_JSON);
        List<Change> changes = new ArrayList<>(found.versions().size());
        for (ResourceVersion version : found.versions()) {
            changes.add(ClassifyChange.of(version, before(store, caller, version)));
        }
        HistoryPosition end = found.versions().isEmpty()
                ? null
                : HistoryPosition.of(found.versions().get(found.versions().size() - 1));
        return new Page<>(prepare.from(changes, store, caller, query.deadline()), found.more() && end != null, end);
    }

    private static Before before(ResourceStore store, Caller caller, ResourceVersion version) {
        boolean first = version.version() == 1
                || (version instanceof ResourceVersion.Live live && live.origin() != ResourceVersion.Origin.UPDATED);
        if (first || (version instanceof ResourceVersion.Deleted deleted && deleted.erased())) {
            return Before.nothing();
        }
        return store.readVersion(caller, version.key(), version.version() - 1)
                .map(Before::of)
                .orElse(Before.notKept());
    }
}
