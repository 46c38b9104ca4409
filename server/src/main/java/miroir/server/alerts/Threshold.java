package miroir.server.alerts;

/** What is beyond it stays so until it is well below: who is told that something is wrong does not want to hear the contrary a minute later, and again. */
final class Threshold {
    private final double limit;
    private final double back;
    private boolean isBeyond;

    /**
     * One of values that ought to be small.
     *
     * @param back where a value is that is not beyond it any more
     */
    Threshold(double limit, double back) {
        this.limit = limit;
        this.back = back;
    }

    boolean isBeyond(double value) {
        isBeyond = value > (isBeyond ? back : limit);
        return isBeyond;
    }
}
