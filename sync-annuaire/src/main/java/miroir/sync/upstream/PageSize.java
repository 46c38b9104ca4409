package miroir.sync.upstream;

import java.util.stream.IntStream;

/** How many resources to ask for on a page: fewer while the upstream struggles, more again once it does not. */
final class PageSize {
    private static final int[] STEPS = {200, 100, 50, 20};
    private static final int CALM = 20;

    private final int[] steps;
    private int at;
    private int successes;

    PageSize(int largest) {
        this.steps = IntStream.concat(IntStream.of(largest), IntStream.of(STEPS).filter(step -> step < largest))
                .toArray();
    }

    synchronized int current() {
        return steps[at];
    }

    synchronized void succeeded() {
        successes++;
        if (successes >= CALM && at > 0) {
            at--;
            successes = 0;
        }
    }

    synchronized void struggled() {
        successes = 0;
        at = Math.min(at + 1, steps.length - 1);
    }
}
