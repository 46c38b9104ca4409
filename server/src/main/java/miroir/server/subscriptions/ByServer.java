package miroir.server.subscriptions;

import miroir.index.store.Caller;

/** On whose behalf it is read what was committed, and written what becomes of subscriptions: the server's own, and nobody's who sent a request. What others are told of it is chosen on theirs. */
final class ByServer {
    static final Caller CALLER = Caller.everyone();

    private ByServer() {}
}
