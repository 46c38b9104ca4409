package miroir.server.load;

/**
 * How many requests there were of some kind, how many of them were refused or failed, and how long all of them took together.
 *
 * @param clientErrors those with a status of 400 to 499
 * @param serverErrors those with a status of 500 and more
 */
public record Share(long requests, long clientErrors, long serverErrors, long nanos) {
    static final Share NOTHING = new Share(0, 0, 0, 0);

    private static final double MILLION = 1_000_000;

    Share and(Share other) {
        return new Share(
                requests + other.requests,
                clientErrors + other.clientErrors,
                serverErrors + other.serverErrors,
                nanos + other.nanos);
    }

    Share since(Share before) {
        return new Share(
                requests - before.requests,
                clientErrors - before.clientErrors,
                serverErrors - before.serverErrors,
                nanos - before.nanos);
    }

    /** How long one took, in milliseconds. */
    public double mean() {
        return requests == 0 ? Double.NaN : nanos / MILLION / requests;
    }
}
