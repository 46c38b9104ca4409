package miroir.server.fhir;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import miroir.index.store.SearchInForce;
import org.jspecify.annotations.Nullable;

/** The interactions by what is searched at present, made anew whenever that changes. A request takes them once, for all that it does. */
final class PresentInteractions {
    private final Supplier<SearchInForce> present;
    private final Function<SearchInForce, Made> make;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Made last;

    /** All interactions by what is searched at one time. */
    record Made(SearchInForce inForce, Interactions interactions, BundleInteraction bundles) {}

    PresentInteractions(Supplier<SearchInForce> present, Function<SearchInForce, Made> make) {
        this.present = present;
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
        Made made = last;
        return made == null || made.inForce().number() != now.number() ? made(now) : made;
    }

    /** They are large, so that of many requests at once one makes them. */
    private Made made(SearchInForce now) {
        making.lock();
        try {
            Made made = last;
            if (made == null || made.inForce().number() != now.number()) {
                made = make.apply(now);
                last = made;
            }
            return made;
        } finally {
            making.unlock();
        }
    }
}
