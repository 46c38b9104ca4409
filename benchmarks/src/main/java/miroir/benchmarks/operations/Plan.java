package miroir.benchmarks.operations;

/**
 * How much is measured. Warm-up is by number of requests, so that every way has compiled its code before it counts.
 *
 * @param name of the run, which is in the name of its report
 * @param practitioners how many there are; with their roles and places three times as many resources
 * @param rounds how often each operation is measured each way; the ways take turns
 * @param factor how many times as many requests as in a short round
 * @param warmUp how many times the requests of a short round come before the first that counts
 * @param seconds which a way's turn takes at least: CPU is counted in hundredths of one
 */
record Plan(String name, int practitioners, int rounds, int factor, int warmUp, double seconds) {
    private static final String GROWTH = "growth";
    private static final int ORDINARY_IS_SLOWER = 8;

    /** The JVM compiles in stages: the figures of the first operation stand still only after so many times as many. */
    private static final int FIRST_WARM_UP = 6;

    static Plan quick() {
        return new Plan("quick", 5_000, 3, 1, 4, 1);
    }

    static Plan full() {
        return new Plan("full", 100_000, 5, 3, 6, 2);
    }

    /** One of several sizes: the ways are compared, HAPI's ordinary one is left out. */
    static Plan ofSize(int practitioners) {
        return new Plan(GROWTH, practitioners, 3, 1, 4, 2);
    }

    /** Of several sizes nobody wants to wait for it. */
    boolean isOrdinaryMeasured() {
        return !name.equals(GROWTH);
    }

    int requests(Way way, Operation operation) {
        return factor * operation.requests() / (way == Way.ORDINARY ? ORDINARY_IS_SLOWER : 1);
    }

    int warmUp(Way way, Operation operation) {
        int times = operation == Operation.READ || operation == Operation.PAGE ? warmUp * FIRST_WARM_UP : warmUp;
        return times * operation.requests() / (way == Way.ORDINARY ? ORDINARY_IS_SLOWER : 1);
    }
}
