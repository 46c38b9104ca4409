package miroir.storage;

/**
 * A type that is loaded for the first time, without the indexes of searches. Where it is not finished, because the loader died, failed or was stopped, the time for
 * which it was kept runs out, and whoever sees that makes the indexes, beside whatever is loaded then.
 */
public final class FirstLoad {
    private final HoldJob job;
    private final Runnable makeIndexes;
    private final Runnable lookAnew;

    FirstLoad(HoldJob job, Runnable makeIndexes, Runnable lookAnew) {
        this.job = job;
        this.makeIndexes = makeIndexes;
        this.lookAnew = lookAnew;
    }

    /** Says that it goes on; for who says so all the time. */
    public void keep() {
        Refusing.failures("loading for the first time", job::keepWhereDue);
    }

    /** Everything is there: makes the indexes, and returns when the type can be searched. */
    public void finish() {
        Refusing.failures("making the indexes of what was loaded for the first time", () -> {
            makeIndexes.run();
            job.letGo();
            lookAnew.run();
            return true;
        });
    }
}
