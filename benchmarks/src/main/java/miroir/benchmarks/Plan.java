package miroir.benchmarks;

/**
 * How much is measured. Warm-up is by number of requests, so that every way has compiled its code before it counts.
 *
 * @param practitioners how many resources are loaded
 * @param rounds how often each combination is measured; the ways take turns
 * @param reads requests of one round of reads
 * @param searches requests of one round of searches
 */
record Plan(int practitioners, int rounds, int reads, int searches) {
    private static final int ORDINARY_IS_SLOWER_READS = 5;
    private static final int ORDINARY_IS_SLOWER_SEARCHES = 10;
    /** The JVM compiles in stages: the figures of each kind of request stand still only after so many of them. */
    private static final int WARM_UP_READS = 120_000;

    private static final int WARM_UP_SEARCHES = 40_000;

    static Plan quick() {
        return new Plan(5_000, 3, 15_000, 1_500);
    }

    static Plan full() {
        return new Plan(60_000, 5, 60_000, 6_000);
    }

    int requests(Way way, Workload workload) {
        int requests = workload.isRead() ? reads : searches;
        int slower = workload.isRead() ? ORDINARY_IS_SLOWER_READS : ORDINARY_IS_SLOWER_SEARCHES;
        return way == Way.ORDINARY ? requests / slower : requests;
    }

    int warmUp(Way way, Workload workload) {
        int requests = workload.isRead() ? WARM_UP_READS : WARM_UP_SEARCHES;
        int slower = workload.isRead() ? ORDINARY_IS_SLOWER_READS : ORDINARY_IS_SLOWER_SEARCHES;
        return way == Way.ORDINARY ? requests / slower : requests;
    }
}
