package miroir.server.alerts;

/**
 * What is beyond it stays so until it is well below: who is told that something is wrong does not want to hear the contrary a minute later, and again. Whether it was beyond
 * is for who asks to know, who may have it from another server.
 *
 * @param limit of values that ought to be small
 * @param back where a value is that is not beyond it any more
 */
record Threshold(double limit, double back) {
    boolean isBeyond(double value, boolean wasBeyond) {
        return value > (wasBeyond ? back : limit);
    }
}
