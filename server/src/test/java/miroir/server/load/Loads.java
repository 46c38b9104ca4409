package miroir.server.load;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;

/** Loads for tests. */
public final class Loads {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final int TICKS = 720;
    private static final int EACH = 5;

    private Loads() {}

    public static Load empty() {
        return new Load(NOON);
    }

    /** In each ten seconds fifteen reads, and five searches of no type that are refused. */
    public static Load ofTwoHours() {
        return of(TICKS);
    }

    /** The same for so many times ten seconds. */
    public static Load of(int ticks) {
        Load load = empty();
        for (int i = 1; i <= ticks; i++) {
            for (int j = 0; j < EACH; j++) {
                for (int k = 0; k < 3; k++) {
                    load.add(new Route(Interaction.READ, "Device", "d"), 200, millis(2), millis(1));
                }
                load.add(new Route(Interaction.SEARCH_TYPE, "", ""), 400, millis(1), -1);
            }
            load.tick(NOON.plusSeconds(10L * i), 100 << 20);
        }
        return load;
    }

    /** So many requests just now, of which so many failed. */
    public static Load failing(int requests, int failures, long millis) {
        Load load = empty();
        for (int i = 0; i < requests; i++) {
            load.add(new Route(Interaction.READ, "Device", "d"), i < failures ? 500 : 200, millis(millis), -1);
        }
        load.tick(NOON.plusSeconds(10), 100 << 20);
        return load;
    }

    /** So many more of a kind. */
    public static void add(Load load, Interaction interaction, int requests, int status, long millis) {
        for (int i = 0; i < requests; i++) {
            load.add(new Route(interaction, "", ""), status, millis(millis), -1);
        }
    }

    /** Ends a piece of time, so long after noon. */
    public static void tick(Load load, Duration afterNoon) {
        load.tick(NOON.plus(afterNoon), 100 << 20);
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
