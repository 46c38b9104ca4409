package miroir.sync.upstream;

import miroir.storage.sync.Cause;
import miroir.storage.sync.Cause.Kind;

/** Makes of what an upstream answered what can be said of it in any language. */
final class SayFailure {
    private static final int QUOTA = 429;
    private static final int ERROR = 400;
    private static final int NOT_FOUND = 404;

    private SayFailure() {}

    /** It is of no use to ask again. */
    static Cause of(Answer.Failed failure, String text, Source source, boolean withoutKey) {
        int status = failure.status();
        return switch (failure.kind()) {
            case KEY_REFUSED -> Cause.of(withoutKey ? Kind.NO_KEY : Kind.KEY_REFUSED, text, status);
            case NOT_TRUSTED ->
                Cause.of(Kind.NOT_TRUSTED, text, String.valueOf(source.base().getHost()));
            case QUESTION_REFUSED ->
                status < ERROR ? Cause.of(Kind.UNREADABLE, text) : Cause.of(Kind.QUESTION_REFUSED, text, status);
            case DEAD_LINK -> Cause.of(Kind.LINK_DEAD, text, status);
            case AWAY, STOPPED -> Cause.unknown(text);
        };
    }

    /** Some resources came, and those that follow did not. */
    static Cause ofNextPage(Answer.Again last, int tries, String text) {
        return last.status() < ERROR
                ? Cause.of(Kind.LINK_LOST, text, tries)
                : Cause.of(Kind.LINK_FAILS, text, tries, last.status());
    }

    /** A first page did not come, while counts do. */
    static Cause ofFirstPage(Answer.Again last, int tries, String text) {
        return last.status() < ERROR
                ? Cause.of(Kind.PAGE_LOST, text, tries)
                : Cause.of(Kind.PAGE_FAILS, text, tries, last.status());
    }

    /** Nothing came for too long. */
    static Cause ofAll(Answer.Again last, String text) {
        if (last.status() == QUOTA) {
            return Cause.of(Kind.QUOTA, text);
        }
        if (last.status() == 0) {
            return Cause.of(Kind.UNREACHABLE, text);
        }
        if (last.status() < ERROR) {
            return Cause.of(Kind.UNREADABLE, text);
        }
        // A directory may answer so for a while; more often there is another path in its address than was meant.
        return Cause.of(last.status() == NOT_FOUND ? Kind.NOT_THERE : Kind.ANSWERS, text, last.status());
    }
}
