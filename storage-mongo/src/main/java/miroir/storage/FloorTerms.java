package miroir.storage;

import java.time.Duration;

/**
 * How long what about floors holds.
 *
 * @param write how long after its instant was chosen a commit may be applied; the database refuses it later
 * @param margin by how much the clocks of primaries may differ, and how long a write may take within the database
 *     between the look at the clock and being applied
 * @param lease for how long a row is put up
 * @param renew after how much of it it is put off
 * @param publish how often a floor is raised
 * @param idle after how long without a commit a row is taken down
 */
record FloorTerms(Duration write, Duration margin, Duration lease, Duration renew, Duration publish, Duration idle) {
    FloorTerms {
        if (lease.compareTo(write.plus(margin).plus(renew)) <= 0) {
            throw new IllegalArgumentException(
                    "a lease of " + lease + " does not outlast a write begun before it is renewed");
        }
    }

    /** For how long a row is put up that protects a commit which may take so long, and those that follow soon. */
    Duration leaseFor(Duration length) {
        return length.compareTo(write) <= 0 ? lease : lease.plus(length);
    }

    /** A process that dies holds up its followers for half a minute at most, and for longer after a transaction. */
    static FloorTerms usual() {
        return new FloorTerms(
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofMillis(25),
                Duration.ofSeconds(2));
    }
}
