package miroir.storage;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import miroir.index.Refusal;
import miroir.index.store.SearchInForce;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The views of the numbers that requests may still work with, and who is told of changes: in a thread of its own, for that may take long. */
final class SearchViews implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SearchViews.class);

    /** A request that began before so many changes can wait. */
    private static final int KEPT = 8;

    private final StoreDatabase database;
    private final FollowSearch follow;
    private final MakeSearchable makeSearchable;
    private final PrepareTypes prepareTypes;
    private final int fewEnded;
    private final ConcurrentSkipListMap<Long, SearchView> byNumber = new ConcurrentSkipListMap<>();
    private final List<Consumer<SearchInForce>> told = new CopyOnWriteArrayList<>();
    private final Semaphore nudges = new Semaphore(0);
    private final Thread teller = new Thread(this::tellAll, "tell-search-changes");
    private volatile SearchView newest;
    private volatile boolean closed;

    /** Touched by the thread alone. */
    private Told last = new Told(0, Map.of());

    /** What was told last. */
    private record Told(long number, Map<String, List<String>> pending) {}

    SearchViews(
            StoreDatabase database,
            FollowSearch follow,
            MakeSearchable makeSearchable,
            PrepareTypes prepareTypes,
            int fewEnded) {
        this.database = database;
        this.follow = follow;
        this.makeSearchable = makeSearchable;
        this.prepareTypes = prepareTypes;
        this.fewEnded = fewEnded;
        this.newest = view(follow.known());
        byNumber.put(newest.search().number(), newest);
        teller.setDaemon(true);
    }

    void start() {
        teller.start();
    }

    /** There may be something to tell. */
    void nudge() {
        nudges.release();
    }

    @Override
    public void close() {
        closed = true;
        teller.interrupt();
    }

    /** From now on requests begin with this. */
    void use(LoadedSearch loaded) {
        SearchView view = view(loaded);
        byNumber.put(loaded.number(), view);
        newest = view;
        while (byNumber.size() > KEPT) {
            byNumber.pollFirstEntry();
        }
    }

    private SearchView view(LoadedSearch loaded) {
        return SearchView.of(database, loaded, follow, makeSearchable, prepareTypes, fewEnded);
    }

    SearchView newest() {
        return newest;
    }

    SearchView of(SearchInForce inForce) {
        SearchView view = byNumber.get(inForce.number());
        if (view == null) {
            throw new Refusal(Refusal.Reason.NOT_READY, "what is searched has changed many times meanwhile: try again");
        }
        return view;
    }

    void tell(Consumer<SearchInForce> of) {
        told.add(of);
    }

    private void tellAll() {
        while (!closed) {
            try {
                nudges.acquire();
                nudges.drainPermits();
                tellChanges();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("what is searched could not be told", e);
            }
        }
    }

    /** What is new since the last time. */
    private void tellChanges() {
        SearchView view = newest();
        Told now = new Told(view.search().number(), makeSearchable.pending());
        if (now.equals(last)) {
            return;
        }
        last = now;
        for (Consumer<SearchInForce> each : told) {
            try {
                each.accept(view.inForce());
            } catch (RuntimeException e) {
                LOG.error("somebody could not do what a change of what is searched asks for", e);
            }
        }
    }
}
