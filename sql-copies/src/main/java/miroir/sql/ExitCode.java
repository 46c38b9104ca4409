package miroir.sql;

/** What a command ends with, for scripts; the same numbers as those of the synchronisation where they mean the same. Without 3, with which a JVM ends that has no memory left. */
enum ExitCode {
    DONE(0),
    /** Something differs, is late or does not go on. */
    NOT_ALL(1),
    /** The command or the configuration is wrong. */
    USAGE(2),
    DATABASE_AWAY(6),
    /** Another process keeps the copy. */
    KEPT_ELSEWHERE(7),
    STOPPED(8),
    /** A view cannot be made of something, or something stands in the way. */
    NOT_POSSIBLE(9),
    /** Our own mistake. */
    UNEXPECTED(10),
    /** The database of the copy is away, or refuses. */
    TARGET_AWAY(11);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    /** What matters most of what several copies came to. */
    ExitCode or(ExitCode other) {
        return this == DONE ? other : this;
    }
}
