package miroir.sync;

import miroir.sync.run.RunEnded;

/**
 * What a command ends with, for scripts. Without 3: the JVM ends with it by itself where memory is used up, as it is started
 * with {@code -XX:+ExitOnOutOfMemoryError}.
 */
enum ExitCode {
    DONE(0),
    /** Something was rejected, or differs. */
    NOT_ALL(1),
    /** The command or the configuration is wrong. */
    USAGE(2),
    KEY_REFUSED(4),
    /** The guard waits for a person. */
    GUARD(5),
    DATABASE_AWAY(6),
    /** Another process leads. */
    LED_ELSEWHERE(7),
    STOPPED(8),
    /** The upstream refuses the question, or never gives all. */
    UPSTREAM_WRONG(9),
    /** Our own mistake. */
    UNEXPECTED(10),
    UPSTREAM_AWAY(11);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    static ExitCode of(RunEnded ended) {
        return switch (ended.why()) {
            case UPSTREAM_AWAY -> UPSTREAM_AWAY;
            case KEY_REFUSED -> KEY_REFUSED;
            case NOT_TRUSTED -> USAGE;
            case QUESTION_REFUSED, INCOMPLETE -> UPSTREAM_WRONG;
            case REJECTS -> NOT_ALL;
            case GUARD -> GUARD;
            case DATABASE_AWAY -> DATABASE_AWAY;
            case LEASE_LOST -> LED_ELSEWHERE;
            case STOPPED -> STOPPED;
            case UNEXPECTED -> UNEXPECTED;
        };
    }
}
