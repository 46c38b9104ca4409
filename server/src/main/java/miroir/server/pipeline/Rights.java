package miroir.server.pipeline;

import miroir.index.store.Caller;

/**
 * What whoever asks may do.
 *
 * @param byToken whether a token says so
 */
record Rights(Caller caller, boolean mayRead, boolean mayWrite, boolean byToken) {

    /** Whether the times of a request may be shown to them. */
    boolean mayTrace() {
        return byToken;
    }

    static Rights none() {
        return new Rights(Caller.everyone(), false, false, false);
    }

    static Rights reading() {
        return new Rights(Caller.everyone(), true, false, false);
    }

    static Rights writing() {
        return new Rights(Caller.everyone(), true, true, false);
    }

    static Rights all() {
        return new Rights(Caller.everyone(), true, true, true);
    }
}
