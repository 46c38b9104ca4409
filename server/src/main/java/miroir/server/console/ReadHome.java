package miroir.server.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.Refusal;
import miroir.index.store.Copied;
import miroir.index.store.Readiness;
import miroir.index.store.ResourceStore;
import miroir.server.console.HomeState.TypeState;
import miroir.storage.sync.Register;
import miroir.storage.sync.Synchronisation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads how a server is, for everybody who looks: sizes, which are dear, every ten seconds at most. */
final class ReadHome {
    private static final int MOST_TYPES = 30;

    /** That a copy is late is seen at once, however many ask; sizes are dearer. */
    private static final Duration SHORT = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(ReadHome.class);

    private final ResourceStore store;
    private final Set<String> types;
    private final @Nullable Register register;
    private final KnownSizes sizes;
    private final Remembered<Set<String>> late;
    private final InstantSource clock;
    private volatile boolean wasReady = true;

    /**
     * Of a tenant.
     *
     * @param types that are served
     * @param register of synchronisations; null: there is none
     */
    ReadHome(ResourceStore store, Set<String> types, @Nullable Register register, InstantSource clock) {
        this.store = store;
        this.types = new TreeSet<>(types);
        this.register = register;
        this.sizes = new KnownSizes(store);
        this.late = new Remembered<>(this::late, Set.of(), SHORT, SHORT);
        this.clock = clock;
    }

    HomeState state() {
        Readiness readiness = store.readiness();
        if (wasReady != readiness.ready()) {
            wasReady = readiness.ready();
            LOG.info(
                    "{}", wasReady ? "the first page says that the service is up" : "not ready: " + readiness.detail());
        }
        return readiness.ready() ? HomeState.up(states()) : HomeState.starting(readiness.detail());
    }

    /** Of what is copied, and of some others. */
    private List<TypeState> states() {
        Map<String, Copied> copies = store.copies();
        Set<String> isLate = late.get();
        Set<String> shown = new TreeSet<>(copies.keySet());
        shown.retainAll(types);
        types.stream().limit(MOST_TYPES).forEach(shown::add);
        Map<String, Long> counts = sizes.counts(shown);
        List<TypeState> states = new ArrayList<>();
        for (String type : shown) {
            Copied copied = copies.get(type);
            TypeState state = new TypeState(
                    type,
                    counts.getOrDefault(type, -1L),
                    copied != null,
                    copied == null ? null : copied.asOf(),
                    isLate.contains(type));
            if (!isLeftOut(state)) {
                states.add(state);
            }
        }
        return states;
    }

    /** Of many types only those that there is something of. */
    private boolean isLeftOut(TypeState state) {
        return types.size() > MOST_TYPES && state.count() == 0 && !state.isCopied();
    }

    /** The types of which a copy is late, or in failure. */
    private Set<String> late() {
        Set<String> found = new TreeSet<>();
        Register known = register;
        if (known != null) {
            try {
                Instant now = clock.instant();
                known.all().stream()
                        .filter(each -> each.isOverdue(now) || each.state() == Synchronisation.State.KO)
                        .map(each -> each.definition().type())
                        .forEach(found::add);
            } catch (Refusal away) {
                // That the database is away is said above.
                return found;
            }
        }
        return found;
    }
}
