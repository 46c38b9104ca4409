package miroir.sync;

import java.time.Duration;

/** The daemon as a process, but for how long it waits before it takes itself for one that stands still. */
final class ImpatientDaemon {
    private static final SyncMain.Limits SOON =
            new SyncMain.Limits(Duration.ofMillis(100), Duration.ofMillis(50), Duration.ofMinutes(1));

    private ImpatientDaemon() {}

    public static void main(String[] arguments) {
        SyncMain.runAndEnd(new SyncMain(System.getenv(), System.out, System.err, SOON), arguments);
    }
}
