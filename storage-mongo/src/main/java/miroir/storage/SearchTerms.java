package miroir.storage;

import java.time.Duration;

/**
 * How long what processes tell each other about what is searched holds, and what a search takes for few.
 *
 * @param lease how long a process is waited for that says nothing
 * @param renew how often it says that it is there
 * @param valid how long after it last said so it may answer searches; shorter than the lease by what clocks may differ
 * @param poll how often it looks whether something was announced
 * @param files how often it looks at its own files
 * @param parameters how often it looks at stored parameters
 * @param job how long one who makes fields anew is waited for
 * @param fewEnded how many versions that have ended are read and sorted for each page: some tens of milliseconds
 */
record SearchTerms(
        Duration lease,
        Duration renew,
        Duration valid,
        Duration poll,
        Duration files,
        Duration parameters,
        Duration job,
        int fewEnded) {
    SearchTerms {
        if (valid.compareTo(lease) >= 0) {
            throw new IllegalArgumentException("searches answered for " + valid + " outlast a lease of " + lease);
        }
    }

    /** A process that dies holds up a change for twenty seconds at most. */
    static SearchTerms usual() {
        return new SearchTerms(
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(20),
                10_000);
    }

    /** The same, where more than so many versions that have ended are many. */
    SearchTerms withFewEnded(int other) {
        return new SearchTerms(lease, renew, valid, poll, files, parameters, job, other);
    }
}
