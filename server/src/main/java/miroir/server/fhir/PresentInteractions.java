package miroir.server.fhir;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import miroir.index.store.SearchInForce;
import miroir.server.configuration.PresentConfiguration;
import miroir.server.configuration.ServerConfiguration;
import org.jspecify.annotations.Nullable;

/** The interactions by what is searched and configured at present, made anew whenever that changes. A request takes them once, for all that it does. */
final class PresentInteractions {
    private final Supplier<SearchInForce> present;
    private final PresentConfiguration configuration;
    private final BiFunction<SearchInForce, ServerConfiguration, Made> make;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Made last;

    /** All interactions by what is searched and configured at one time. */
    record Made(
            SearchInForce inForce,
            ServerConfiguration configuration,
            Interactions interactions,
            BundleInteraction bundles) {
        boolean isOf(SearchInForce search, ServerConfiguration configured) {
            return inForce.number() == search.number() && configuration.equals(configured);
        }
    }

    PresentInteractions(
            Supplier<SearchInForce> present,
            PresentConfiguration configuration,
            BiFunction<SearchInForce, ServerConfiguration, Made> make) {
        this.present = present;
        this.configuration = configuration;
        this.make = make;
    }

    Interactions take() {
        return made().interactions();
    }

    BundleInteraction takeBundles() {
        return made().bundles();
    }

    private Made made() {
        SearchInForce now = present.get();
        ServerConfiguration configured = configuration.get();
        Made made = last;
        return made == null || !made.isOf(now, configured) ? made(now, configured) : made;
    }

    /** They are large, so that of many requests at once one makes them. */
    private Made made(SearchInForce now, ServerConfiguration configured) {
        making.lock();
        try {
            Made made = last;
            if (made == null || !made.isOf(now, configured)) {
                made = make.apply(now, configured);
                last = made;
            }
            return made;
        } finally {
            making.unlock();
        }
    }
}
