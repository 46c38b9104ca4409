package miroir.server.pipeline;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import miroir.server.configuration.LimitsConfiguration;

/**
 * The turns of all searches of a server.
 *
 * @param searches those of requests
 * @param entries those of entries of bundles, who have memory already, and so wait for nobody who waits for memory
 * @param views what is computed of what was found, page by page
 */
public record Turns(FairTurns searches, FairTurns entries, RunsAtOnce views) {
    private static final int MOST_WAITING = 1_000;

    /** As many entries as have a turn for so many searches; what they search may be slow, and readers may send bundles. */
    private static final int ENTRIES = 4;

    private static final int FEWEST = 2;

    /** One who asks for many views leaves as much to three others. */
    private static final int OF_ONE = 4;

    /** Who waits has a thread, of which there is any number if they are virtual; otherwise a quarter of them is left to what needs no turn. */
    public static Turns of(LimitsConfiguration limits) {
        int entries = Math.max(FEWEST, limits.searches() / ENTRIES);
        int mostWaiting = limits.hasVirtualThreads()
                ? MOST_WAITING
                : Math.max(waiting(limits.threads() * 3 / 4 - limits.searches() - entries), limits.threads() / 8);
        return new Turns(
                new FairTurns(limits.searches(), mostWaiting),
                new FairTurns(entries, Math.max(FEWEST, mostWaiting / ENTRIES)),
                new RunsAtOnce(Math.max(FEWEST, limits.searches()), Math.max(FEWEST, limits.searches() / OF_ONE)));
    }

    /** Of so many threads, so that a quarter of as many entries may wait as well. */
    private static int waiting(int threads) {
        return threads * ENTRIES / (ENTRIES + 1);
    }

    /** Shows them to whoever watches the server. */
    public void show(MeterRegistry meters) {
        show(meters, "request", searches);
        show(meters, "entry", entries);
    }

    private static void show(MeterRegistry meters, String of, FairTurns turns) {
        Gauge.builder("miroir.searches.running", turns, FairTurns::running)
                .description("searches that are with the database")
                .tag("of", of)
                .register(meters);
        Gauge.builder("miroir.searches.waiting", turns, FairTurns::waiting)
                .description("searches that wait for their turn")
                .tag("of", of)
                .register(meters);
        FunctionCounter.builder("miroir.searches.refused", turns, FairTurns::refusedByTime)
                .description("searches that were refused because they had no turn")
                .tag("of", of)
                .tag("reason", "time")
                .register(meters);
        FunctionCounter.builder("miroir.searches.refused", turns, FairTurns::refusedByNumber)
                .description("searches that were refused because they had no turn")
                .tag("of", of)
                .tag("reason", "number")
                .register(meters);
    }
}
