package miroir.benchmarks;

/**
 * How two ways compare in one workload: CPU per request of {@code of}, server and database together, divided by that of
 * the raw path.
 *
 * @param server the same without the database, which works the same for both ways of one server
 * @param target what should be reached at least: by the server alone against the ordinary path, by both against the bare
 *     servlet
 */
record Ratio(Workload workload, Way of, double ratio, double server, double target) {
    private static final double READ_AGAINST_ORDINARY = 4;
    private static final double SEARCH_AGAINST_ORDINARY = 20;
    private static final double AGAINST_BARE = 0.5;

    static Ratio of(Measurement other, Measurement raw) {
        double againstOrdinary = raw.workload().isRead() ? READ_AGAINST_ORDINARY : SEARCH_AGAINST_ORDINARY;
        return new Ratio(
                raw.workload(),
                other.way(),
                other.micros() / raw.micros(),
                other.serverMicros() / raw.serverMicros(),
                other.way() == Way.BARE ? AGAINST_BARE : againstOrdinary);
    }

    /** The figure that the target is for. */
    double judged() {
        return of == Way.ORDINARY ? server : ratio;
    }

    boolean isReached() {
        return judged() >= target;
    }
}
