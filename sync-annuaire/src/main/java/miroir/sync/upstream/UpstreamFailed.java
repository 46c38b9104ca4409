package miroir.sync.upstream;

import miroir.storage.sync.Cause;

/** The upstream does not give what was asked for, and asking again at once would not help. */
public final class UpstreamFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What can be done about it. */
    public enum Kind {
        /** It has not answered for longer than our patience: later. */
        AWAY,
        /** It does not know the key, or forbids: a person must act. */
        KEY_REFUSED,
        /** Its certificate is not to be believed: the configuration is wrong, or somebody is in between. */
        NOT_TRUSTED,
        /** It does not understand the question, or its answers are of no use: the configuration is wrong. */
        QUESTION_REFUSED,
        /** A page of a window does not come, mostly because its link is dead: the window is read again from its start. */
        DEAD_LINK,
        /** We were told to stop. */
        STOPPED
    }

    private final Kind kind;
    private final transient Cause cause;
    private final int retries;

    UpstreamFailed(Kind kind, String reason) {
        this(kind, Cause.unknown(reason), 0);
    }

    /** @param retries how many calls were made again before */
    UpstreamFailed(Kind kind, Cause cause, int retries) {
        super(cause.text(), null, false, false);
        this.kind = kind;
        this.cause = cause;
        this.retries = retries;
    }

    /** The same, after so many more calls that came to nothing. */
    public UpstreamFailed after(int more) {
        return new UpstreamFailed(kind, cause, retries + more);
    }

    /** In words. */
    public String reason() {
        return cause.text();
    }

    /** In words, and as what it is. */
    public Cause why() {
        return cause;
    }

    /** How many calls were made again before it. */
    public int retries() {
        return retries;
    }

    public Kind kind() {
        return kind;
    }
}
