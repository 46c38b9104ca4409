package miroir.sync.run;

import miroir.index.Refusal;
import miroir.storage.ledger.LeaseLost;
import miroir.storage.sync.Cause;
import miroir.sync.upstream.UpstreamFailed;
import miroir.sync.window.UnevenCounts;

/** A run cannot or must not go on; what it has done stays done. */
public final class RunEnded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, in terms of what is to be done; the worst first. */
    public enum Why {
        /** Our own mistake. */
        UNEXPECTED,
        DATABASE_AWAY,
        /** Somebody else leads now. */
        LEASE_LOST,
        /** Somebody stopped it. */
        STOPPED,
        /** The upstream refuses the key: a person must act. */
        KEY_REFUSED,
        /** The upstream's certificate is not to be believed. */
        NOT_TRUSTED,
        /** The upstream refuses the question: the configuration is wrong. */
        QUESTION_REFUSED,
        /** The upstream never gives what it says it has. */
        INCOMPLETE,
        /** The upstream does not answer: it is tried again. */
        UPSTREAM_AWAY,
        /** It is complete, and would remove too much: a person must say so. */
        GUARD,
        /** It is complete, and too much of what the upstream has cannot be stored, or is in no window. */
        REJECTS;

        /** Whether no other run can do better now. */
        public boolean isOfAll() {
            return this == DATABASE_AWAY || this == LEASE_LOST || this == STOPPED;
        }

        /** Whether no other run from the same source can do better now. */
        public boolean isOfSource() {
            return this == KEY_REFUSED || this == NOT_TRUSTED || this == UPSTREAM_AWAY;
        }
    }

    private final Why why;
    private final transient Cause cause;
    private final int retries;

    public RunEnded(Why why, String reason) {
        this(why, Cause.unknown(reason));
    }

    public RunEnded(Why why, Cause cause) {
        this(why, cause, 0);
    }

    private RunEnded(Why why, Cause cause, int retries) {
        super(cause.text());
        this.why = why;
        this.cause = cause;
        this.retries = retries;
    }

    /** In words, and what to do about it. */
    public String reason() {
        return cause.text();
    }

    /** The same, and as what it is. */
    public Cause cause() {
        return cause;
    }

    /** How many calls of the upstream were made again for what never came. */
    int retries() {
        return retries;
    }

    public Why why() {
        return why;
    }

    /** What a failure means, whatever it was. */
    public static RunEnded of(Throwable e) {
        if (e instanceof RunEnded ended) {
            return ended;
        }
        if (e instanceof LeaseLost) {
            return new RunEnded(Why.LEASE_LOST, String.valueOf(e.getMessage()));
        }
        if (e instanceof Refusal refusal) {
            return of(refusal);
        }
        if (e instanceof UnevenCounts) {
            return new RunEnded(Why.QUESTION_REFUSED, Cause.of(Cause.Kind.UNEVEN, String.valueOf(e.getMessage())));
        }
        if (e instanceof UpstreamFailed failed) {
            return new RunEnded(why(failed.kind()), failed.why(), failed.retries());
        }
        return unexpected(e);
    }

    /** The database refuses for what passes; anything else that it refuses we should not have asked for. */
    private static RunEnded of(Refusal refusal) {
        String reason = String.valueOf(refusal.getMessage());
        return switch (refusal.reason()) {
            case NOT_READY, TOO_COSTLY, CONFLICT ->
                new RunEnded(Why.DATABASE_AWAY, Cause.of(Cause.Kind.DATABASE, reason));
            case EXPIRED -> new RunEnded(Why.LEASE_LOST, reason);
            default -> unexpected(refusal);
        };
    }

    private static RunEnded unexpected(Throwable e) {
        RunEnded ended =
                new RunEnded(Why.UNEXPECTED, Cause.of(Cause.Kind.UNEXPECTED, "this should not have happened: " + e));
        ended.initCause(e);
        return ended;
    }

    private static Why why(UpstreamFailed.Kind kind) {
        return switch (kind) {
            case AWAY -> Why.UPSTREAM_AWAY;
            case KEY_REFUSED -> Why.KEY_REFUSED;
            case NOT_TRUSTED -> Why.NOT_TRUSTED;
            case QUESTION_REFUSED -> Why.QUESTION_REFUSED;
            case DEAD_LINK -> Why.INCOMPLETE;
            case STOPPED -> Why.STOPPED;
        };
    }
}
