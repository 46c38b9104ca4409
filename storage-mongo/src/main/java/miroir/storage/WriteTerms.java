package miroir.storage;

import java.time.Instant;

/**
 * On what terms something is written or deleted.
 *
 * @param until what is not done by then is not done any more; refused as expired
 * @param look refuses where references stand against it; done with each attempt, once nothing else does
 */
record WriteTerms(Instant until, Runnable look) {
    static WriteTerms none() {
        return new WriteTerms(Instant.MAX, () -> {});
    }

    WriteTerms notAfter(Instant other) {
        return other.isBefore(until) ? new WriteTerms(other, look) : this;
    }
}
