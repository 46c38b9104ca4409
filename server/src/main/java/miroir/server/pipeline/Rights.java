package miroir.server.pipeline;

import miroir.index.store.Caller;

/**
 * What whoever asks may do.
 *
 * @param mayTrace whether the times of a request may be shown to them
 */
record Rights(Caller caller, boolean mayRead, boolean mayWrite, boolean mayTrace) {

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
