package miroir.storage.testing;

/** A database of which a process is killed and started again. */
public interface KilledDatabase extends AutoCloseable {
    String uri();

    /** Whatever takes writes. */
    void kill();

    void restart();

    /** How many queries members were asked that do not lead, since they began; 0 where there are none. */
    default long queriesOfSecondaries() {
        return 0;
    }

    @Override
    void close();

    /** A single member, on its files; without it there is no database. */
    static KilledDatabase alone() {
        LocalMongod mongod = LocalMongod.startWithShortTransactions(TestMongod.binary());
        return new KilledDatabase() {
            @Override
            public String uri() {
                return mongod.uri();
            }

            @Override
            public void kill() {
                mongod.kill();
            }

            @Override
            public void restart() {
                mongod.restart();
            }

            @Override
            public void close() {
                mongod.close();
            }
        };
    }

    /** Three members, of which another one takes over soon. */
    static KilledDatabase ofThree() {
        return of(LocalReplicaSet.startToElect(TestMongod.binary()));
    }

    /** Three members, of which another one takes over after the ten seconds that MongoDB waits by itself. */
    static KilledDatabase ofThreeAsUsual() {
        return of(LocalReplicaSet.start(TestMongod.binary()));
    }

    private static KilledDatabase of(LocalReplicaSet members) {
        return new KilledDatabase() {
            @Override
            public String uri() {
                return members.uri();
            }

            /** Two that are away at once could not be told from none that writes. */
            @Override
            public void kill() {
                members.awaitSecondaries();
                members.killPrimary();
            }

            @Override
            public void restart() {
                members.restartKilled();
            }

            @Override
            public long queriesOfSecondaries() {
                return members.queriesOfSecondaries();
            }

            @Override
            public void close() {
                members.close();
            }
        };
    }
}
